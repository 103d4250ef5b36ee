"""What an expression of `forward` may be, as far as speed and safety go."""

from __future__ import annotations

import ast
from enum import Enum

from layergen.keras_tables.names import LAYERS
from layergen.language.dims import bindings, pinned
from layergen.language.model import Function, Spec
from layergen.source.dotted import dotted


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
    LAYER = "a layer or function that returns one tensor"
    LAYERS = "a list of such layers"


ELEMENT = {
    Kind.TENSOR: Kind.TENSOR,
    Kind.TENSORS: Kind.TENSOR,
    Kind.SHAPE: Kind.SIZE,
    Kind.DYNAMIC_SHAPE: Kind.DYNAMIC,
    Kind.LAYERS: Kind.LAYER,
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

# Layers whose result may be something else than one tensor.
UNCERTAIN_LAYERS = frozenset(
    "Bidirectional FlaxLayer GRUCell Identity JaxLayer LSTMCell Lambda Layer"
    " MaxNumBoundingBoxes Pipeline RNN SimpleRNNCell StackedRNNCells TFSMLayer"
    " TimeDistributed TorchModuleWrapper Wrapper".split()
)


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
    found |= array_kinds(spec)
    found |= {weight.name: Kind.TENSOR for weight in spec.weights}
    found |= {state.name: Kind.TENSOR for state in spec.states}
    found |= _layer_kinds(spec)
    found |= function_kinds(spec)
    for tensor in spec.inputs:
        found[tensor.name] = Kind.TENSORS if tensor.many else Kind.TENSOR
        if not tensor.many:
            found[spec.masks[tensor.name]] = Kind.TENSOR
    return found


def array_kinds(spec: Spec) -> dict[str, Kind]:
    return {arg.name: Kind.TENSOR for arg in spec.args if arg.type.is_tensor}


def function_kinds(spec: Spec) -> dict[str, Kind]:
    """The functions that surely return one tensor."""
    return {
        function.name: Kind.LAYER
        for function in spec.functions
        if function.gradient or function.name == spec.activation
    }


def parameter_kinds(spec: Spec, function: Function) -> dict[str, Kind]:
    """The names that a function sees; its parameters surely are tensors only for some."""
    found = array_kinds(spec) | function_kinds(spec)
    certain = function.name in found
    return found | dict.fromkeys(function.args, Kind.TENSOR if certain else Kind.OTHER)


def _layer_kinds(spec: Spec) -> dict[str, Kind]:
    found = {}
    for layer in spec.layers:
        call = layer.make.expression
        if isinstance(call, ast.Call):
            name = dotted(call.func).removeprefix("keras.layers.")
            asked = [one.arg or "" for one in call.keywords]
            several = any(one.startswith("return_") or not one for one in asked)
            if name in LAYERS - UNCERTAIN_LAYERS and not several:
                found[layer.name] = Kind.LAYERS if layer.loop else Kind.LAYER
    return found
