"""What an expression of `forward` may be, as far as speed and safety go."""

from __future__ import annotations

from enum import Enum

from layergen.spec.dims import bindings, pinned
from layergen.spec.model import Spec


class Kind(Enum):
    """`OTHER` is anything static or unknown; only certain tensors are called so."""

    OTHER = "other"
    TENSOR = "a tensor"
    TENSORS = "a list of tensors"
    SIZE = "a static size of an axis"
    DYNAMIC = "a size that may be a tensor"
    SHAPE = "a tuple of static sizes"
    DYNAMIC_SHAPE = "a tuple of sizes that may be tensors"
    RANGE = "a range over an axis"


ELEMENT = {
    Kind.TENSOR: Kind.TENSOR,
    Kind.TENSORS: Kind.TENSOR,
    Kind.SHAPE: Kind.SIZE,
    Kind.DYNAMIC_SHAPE: Kind.DYNAMIC,
}
STRENGTH = (Kind.TENSOR, Kind.DYNAMIC, Kind.SIZE)
UNCERTAIN = (Kind.TENSOR, Kind.DYNAMIC)

# What functions of `keras.ops` return where it is not one tensor.
LISTS = frozenset(
    "split array_split unstack meshgrid top_k moments qr svd eig eigh slogdet lstsq"
    " hsplit vsplit dsplit nonzero histogram unravel_index rfft fft fft2 ifft2 stft".split()
)
OPAQUE = frozenset(
    "cond while_loop fori_loop map vectorized_map scan associative_scan switch"
    " custom_gradient vectorize where lu_factor jvp convert_to_numpy".split()
)
STATIC = frozenset(("ndim", "dtype", "is_tensor"))
RESULTS = {
    **dict.fromkeys(LISTS, Kind.TENSORS),
    **dict.fromkeys(OPAQUE, Kind.OTHER),
    **dict.fromkeys(STATIC, Kind.OTHER),
    "shape": Kind.DYNAMIC_SHAPE,
    "size": Kind.DYNAMIC,
}


def strongest(*kinds: Kind) -> Kind:
    """What arithmetic on values of these kinds gives."""
    for kind in STRENGTH:
        if kind in kinds:
            return kind
    for kind in (Kind.TENSORS, Kind.DYNAMIC_SHAPE, Kind.SHAPE):
        if kind in kinds:
            return kind
    return Kind.OTHER


def merged(one: Kind, other: Kind) -> Kind:
    """What a name is that is one thing on one path and another on the other."""
    return one if one is other else Kind.OTHER


def declared_kinds(spec: Spec) -> dict[str, Kind]:
    """The kinds of the names that a spec declares; those not here are `OTHER`."""
    found: dict[str, Kind] = {}
    fixed = pinned(spec)
    for name, axis in bindings(spec).items():
        if axis.of_input:
            found[name] = Kind.SIZE if name in fixed else Kind.DYNAMIC
    found |= {arg.name: Kind.TENSOR for arg in spec.args if arg.type.name == "Array"}
    found |= {weight.name: Kind.TENSOR for weight in spec.weights}
    found |= {tensor.name: Kind.TENSOR for tensor in spec.inputs}
    return found
