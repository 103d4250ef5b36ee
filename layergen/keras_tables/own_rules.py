"""Shapes that no kind says: the rules that are written by hand.

A rule takes a function's arguments by its own names and in its order, with a shape where it takes a tensor
and shapes where it takes several, and gives a shape, or a list of them where it returns
several tensors. A size is a number, None where it is unknown, or anything that adds and
multiplies. A rule gives None where it cannot tell. What it is given fits together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from layergen.keras_tables import matrix_rules, window_rules
from layergen.keras_tables.shape_parts import (
    Answer,
    Axis,
    Shape,
    axes_of,
    product,
    replaced,
    together,
    total,
    without,
)


def matmul(x1: Shape, x2: Shape) -> Answer:
    if not x1 or not x2:
        return None
    left = x1[-2:-1] if len(x1) > 1 else ()
    right = x2[-1:] if len(x2) > 1 else ()
    return (*together(x1[:-2], x2[:-2]), *left, *right)


def dot(x1: Shape, x2: Shape) -> Answer:
    if not x1 or not x2:
        return x1 or x2
    return (*x1[:-1], *without(x2, -2 if len(x2) > 1 else -1))


def inner(x1: Shape, x2: Shape) -> Answer:
    return (*x1[:-1], *x2[:-1]) if x1 and x2 else x1 or x2


def tensordot(x1: Shape, x2: Shape, axes: Any = 2) -> Answer:
    if isinstance(axes, int):
        return (*x1[: len(x1) - axes], *x2[axes:])
    one, other = map(axes_of, axes)
    return (*without(x1, *one), *without(x2, *other))


def einsum(subscripts: str, operands: Sequence[Shape]) -> Answer:
    terms, arrow, result = subscripts.replace(" ", "").partition("->")
    if not arrow or "." in subscripts:
        return None
    sizes: dict[str, Any] = {}
    for letters, shape in zip(terms.split(","), operands, strict=True):
        for letter, size in zip(letters, shape, strict=True):
            if sizes.get(letter) is None or sizes[letter] == 1:
                sizes[letter] = size
    return tuple(sizes[letter] for letter in result)


def kron(x1: Shape, x2: Shape) -> Answer:
    if len(x1) != len(x2):
        return None
    pairs = zip(x1, x2, strict=True)
    return tuple(None if None in (a, b) else a * b for a, b in pairs)


def outer(x1: Shape, x2: Shape) -> Answer:
    return (product(x1), product(x2))


def reshape(x: Shape, newshape: Shape) -> Answer:
    known = product([size for size in newshape if size != -1])
    whole = product(x)
    if -1 not in newshape or whole is None or known in (None, 0):
        return tuple(None if size == -1 else size for size in newshape)
    return tuple(whole // known if size == -1 else size for size in newshape)


def transpose(x: Shape, axes: Sequence[int] | None = None) -> Answer:
    return tuple(x[axis] for axis in axes) if axes is not None else x[::-1]


def swapaxes(x: Shape, axis1: int, axis2: int) -> Answer:
    found = list(x)
    found[axis1], found[axis2] = found[axis2], found[axis1]
    return tuple(found)


def moveaxis(x: Shape, source: Axis, destination: Axis) -> Answer:
    moved = [axis % len(x) for axis in axes_of(source)]
    order = [axis for axis in range(len(x)) if axis not in moved]
    places = [axis % len(x) for axis in axes_of(destination)]
    for place, axis in sorted(zip(places, moved, strict=True)):
        order.insert(place, axis)
    return tuple(x[axis] for axis in order)


def expand_dims(x: Shape, axis: Axis) -> Answer:
    rank = len(x) + len(axes_of(axis))
    new = {one % rank for one in axes_of(axis)}
    sizes = iter(x)
    return tuple(1 if one in new else next(sizes) for one in range(rank))


def squeeze(x: Shape, axis: Axis = None) -> Answer:
    if axis is not None:
        return without(x, *axes_of(axis))
    # A size that is not known may be one.
    if not all(isinstance(size, int) for size in x):
        return None
    return tuple(size for size in x if size != 1)


def concatenate(xs: Sequence[Shape], axis: int = 0) -> Answer:
    first = xs[0]
    found = tuple(
        next((x[i] for x in xs if x[i] is not None), None) for i in range(len(first))
    )
    return replaced(found, axis, total([x[axis] for x in xs]))


def append(x1: Shape, x2: Shape, axis: int | None = None) -> Answer:
    if axis is None:
        return (total([product(x1), product(x2)]),)
    return concatenate([x1, x2], axis)


def vstack(xs: Sequence[Shape]) -> Answer:
    return concatenate(xs, 0) if len(xs[0]) > 1 else None


def hstack(xs: Sequence[Shape]) -> Answer:
    return concatenate([x or (1,) for x in xs], 1 if len(xs[0]) > 1 else 0)


def dstack(xs: Sequence[Shape]) -> Answer:
    deep = [_deep(x, 2) for x in xs]
    return concatenate([x if len(x) > 2 else (*x, 1) for x in deep], 2)


def _deep(x: Shape, rank: int) -> Shape:
    return (1,) * (rank - len(x)) + x


def stack(x: Sequence[Shape], axis: int = 0) -> Answer:
    rank = len(x[0]) + 1
    known = [next((s[i] for s in x if s[i] is not None), None) for i in range(rank - 1)]
    known.insert(axis % rank, len(x))
    return tuple(known)


def split(x: Shape, indices_or_sections: Any, axis: int = 0) -> Answer:
    size = x[axis]
    if isinstance(indices_or_sections, int):
        part = None if size is None else size // indices_or_sections
        return [replaced(x, axis, part)] * indices_or_sections
    if size is None:
        return None
    ends = [0, *indices_or_sections, size]
    pairs = zip(ends, ends[1:], strict=False)
    return [replaced(x, axis, end - start) for start, end in pairs]


def array_split(x: Shape, indices_or_sections: Any, axis: int = 0) -> Answer:
    size, parts = x[axis], indices_or_sections
    if not isinstance(parts, int):
        return split(x, parts, axis)
    if not isinstance(size, int):
        return None
    more, each = size % parts, size // parts
    return [replaced(x, axis, each + (i < more)) for i in range(parts)]


def hsplit(x: Shape, indices_or_sections: Any) -> Answer:
    return split(x, indices_or_sections, 1 if len(x) > 1 else 0)


def vsplit(x: Shape, indices_or_sections: Any) -> Answer:
    return split(x, indices_or_sections, 0)


def dsplit(x: Shape, indices_or_sections: Any) -> Answer:
    return split(x, indices_or_sections, 2)


def unstack(x: Shape, num: int | None = None, axis: int = 0) -> Answer:
    count = num or x[axis]
    return None if count is None else [without(x, axis)] * count


def take(x: Shape, indices: Shape, axis: int | None = None) -> Answer:
    if axis is None:
        return indices
    axis %= len(x)
    return (*x[:axis], *indices, *x[axis + 1 :])


def take_along_axis(x: Shape, indices: Shape, axis: int | None = None) -> Answer:
    if axis is None:
        return indices
    beside = together(replaced(x, axis, 1), replaced(indices, axis, 1))
    return replaced(beside, axis, indices[axis])


def one_hot(x: Shape, num_classes: int, axis: int = -1, **others: Any) -> Answer:
    place = axis % (len(x) + 1)
    return (*x[:place], num_classes, *x[place:])


def repeat(x: Shape, repeats: Any, axis: int | None = None) -> Answer:
    if not isinstance(repeats, int):
        return None
    size = product(x) if axis is None else x[axis]
    size = None if size is None else size * repeats
    return (size,) if axis is None else replaced(x, axis, size)


def tile(x: Shape, repeats: Any) -> Answer:
    times = axes_of(repeats)
    rank = max(len(times), len(x))
    sizes = (1,) * (rank - len(x)) + x
    times = (1,) * (rank - len(times)) + times
    pairs = zip(sizes, times, strict=True)
    return tuple(None if size is None else size * many for size, many in pairs)


def pad(x: Shape, pad_width: Any, **others: Any) -> Answer:
    # One width for all axes is refused by TensorFlow.
    if isinstance(pad_width, int) or len(pad_width) != len(x):
        return None
    if any(isinstance(one, int) for one in pad_width):
        return None
    pairs = zip(x, pad_width, strict=True)
    return tuple(None if size is None else size + a + b for size, (a, b) in pairs)


def cumulated(x: Shape, axis: int | None = None, **others: Any) -> Answer:
    return (product(x),) if axis is None else x


def along_or_flat(x: Shape, axis: int | None = -1) -> Answer:
    if not x:
        return None
    return (product(x),) if axis is None else x


def glu(x: Shape, axis: int = -1) -> Answer:
    size = x[axis]
    return replaced(x, axis, None if size is None else size // 2)


def top_k(x: Shape, k: int, **others: Any) -> Answer:
    return [(*x[:-1], k)] * 2


def diff(a: Shape, n: int = 1, axis: int = -1) -> Answer:
    size = a[axis]
    return replaced(a, axis, None if size is None else size - n)


def moments(x: Shape, axes: Axis, keepdims: bool = False, **others: Any) -> Answer:
    if not keepdims:
        return [without(x, *axes_of(axes))] * 2
    for axis in axes_of(axes):
        x = replaced(x, axis, 1)
    return [x] * 2


def norm(x: Shape, axis: Axis = None, keepdims: bool = False, **others: Any) -> Answer:
    # TensorFlow refuses more than two axes.
    if axis is None and len(x) > 2:
        return None
    gone = axes_of(axis) if axis is not None else tuple(range(len(x)))
    if not keepdims:
        return without(x, *gone)
    for one in gone:
        x = replaced(x, one, 1)
    return x


def quantile(
    x: Shape, q: Shape, axis: Axis = None, keepdims: bool = False, **others: Any
) -> Answer:
    gone = axes_of(axis) if axis is not None else tuple(range(len(x)))
    if not keepdims:
        return (*q, *without(x, *gone))
    for one in gone:
        x = replaced(x, one, 1)
    return (*q, *x)


def trapezoid(y: Shape, axis: int = -1, **others: Any) -> Answer:
    return without(y, axis)


def crossentropy(target: Shape, axis: int = -1, **others: Any) -> Answer:
    return without(target, axis)


def diag(x: Shape, k: int = 0) -> Answer:
    if len(x) == 1:
        return (None if x[0] is None else x[0] + abs(k),) * 2
    # Of a matrix, the part of a diagonal that lies in it.
    if k or None in x or len(x) != 2 or not all(isinstance(one, int) for one in x):
        return (None,) if len(x) == 2 else None
    return (min(x),)


def diagflat(x: Shape, k: int = 0) -> Answer:
    size = product(x)
    return (None if size is None else size + abs(k),) * 2


def cross(x1: Shape, x2: Shape, **axes: Any) -> Answer:
    if axes or x1[-1] != 3 or x2[-1] != 3:
        return None
    return (*together(x1[:-1], x2[:-1]), 3)


def meshgrid(x: Sequence[Shape], indexing: str = "xy") -> Answer:
    sizes = [product(one) for one in x]
    if indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return [tuple(sizes)] * len(sizes)


def spaced(num: int = 50) -> Answer:
    return (num,)


def rot90(array: Shape, k: int = 1, axes: Sequence[int] = (0, 1)) -> Answer:
    return swapaxes(array, *axes) if k % 2 else None


def vander(x: Shape, N: int | None = None, **others: Any) -> Answer:
    return (*x, x[0] if N is None else N)


def multi_hot(inputs: Shape, num_classes: int | None = None, axis: int = -1) -> Answer:
    if num_classes is None or axis != -1:
        return None
    return (*inputs[:-1], num_classes) if len(inputs) > 1 else (num_classes,)


def segments(data: Shape, num_segments: int | None = None, **others: Any) -> Answer:
    return (num_segments, *data[1:])


def dot_product_attention(query: Shape, value: Shape, **others: Any) -> Answer:
    return (*query[:-1], value[-1])


def sequences(x: Shape, sequence_length: int, sequence_stride: int) -> Answer:
    size = x[-1]
    if size is None:
        return (*x[:-1], None, sequence_length)
    return (*x[:-1], (size - sequence_length) // sequence_stride + 1, sequence_length)


def categorical(logits: Shape, num_samples: int) -> Answer:
    return (*logits[:-1], num_samples)


def diagonal(x: Shape, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Answer:
    if offset or None in (x[axis1], x[axis2]):
        return (*without(x, axis1, axis2), None) if not offset else None
    return (*without(x, axis1, axis2), min(x[axis1], x[axis2]))


def window(x: int, **others: Any) -> Answer:
    return (x,)


def eye(N: int, M: int | None = None, **others: Any) -> Answer:
    return (N, N if M is None else M)


def _first(**arguments: Any) -> Answer:
    return tuple(next(iter(arguments.values())))


def _second(**arguments: Any) -> Answer:
    return tuple([*arguments.values()][1])


def _scalar(**arguments: Any) -> Answer:
    return ()


def _of_matrix(x: Shape, **others: Any) -> Answer:
    return x[:-2]


CHANGING = {
    "linspace": "retstep",
    "svd": "compute_uv, full_matrices",
    "unique": "return_index, return_inverse, return_counts, axis, size, fill_value",
    "view": "dtype",
}
"""Parameters by which a function returns something else than the table says."""

SEVERAL = {
    **dict.fromkeys(("concatenate", "dstack", "hstack", "vstack"), "xs"),
    **dict.fromkeys(("fft", "fft2", "ifft2", "meshgrid", "stack"), "x"),
    "einsum": "operands",
}
"""The parameter that takes several tensors, of functions that have one."""

BESIDE = {
    **dict.fromkeys(("affine_transform", "perspective_transform"), "images"),
    "scale_and_translate": "images",
    **dict.fromkeys(("nanpercentile", "nanquantile", "percentile", "quantile"), "q"),
    **dict.fromkeys(("segment_max", "segment_min"), "segment_ids"),
    **dict.fromkeys(("segment_prod", "segment_sum"), "segment_ids"),
    "batch_normalization": "x",
    "categorical": "logits",
    "cdist": "x, y",
    "concatenate": "xs",
    "conv": "inputs, kernel",
    "conv_transpose": "inputs, kernel",
    "dstack": "xs",
    "einsum": "operands",
    "fft": "x",
    "fft2": "x",
    "hstack": "xs",
    "ifft2": "x",
    "meshgrid": "x",
    "multi_hot": "inputs",
    "separable_conv": "inputs, depthwise_kernel, pointwise_kernel",
    "stack": "x",
    "vstack": "xs",
}
"""Parameters that stand for tensors of which the rules take the shape, beside those that
may be symbolic."""


RULES: dict[str, Callable[..., Answer]] = {
    **dict.fromkeys(("cumprod", "cumsum", "nancumprod", "nancumsum"), cumulated),
    **dict.fromkeys(("argsort", "sort"), along_or_flat),
    **dict.fromkeys(("det", "logdet"), _of_matrix),
    **dict.fromkeys(("argpartition", "inv", "isin", "slice_update", "tril"), _first),
    **dict.fromkeys(("triu", "fliplr", "dropout", "shuffle"), _first),
    "allclose": _scalar,
    "broadcast_to": _second,
    "concatenate": concatenate,
    "diagonal": diagonal,
    "diff": diff,
    "dot": dot,
    "einsum": einsum,
    "expand_dims": expand_dims,
    "eye": eye,
    "glu": glu,
    "identity": lambda n, dtype=None: (n, n),
    "inner": inner,
    "matmul": matmul,
    "moments": moments,
    "moveaxis": moveaxis,
    "norm": norm,
    "one_hot": one_hot,
    "outer": outer,
    "pad": pad,
    "ravel": lambda x: (product(x),),
    "repeat": repeat,
    "reshape": reshape,
    "searchsorted": _second,
    "size": _scalar,
    "split": split,
    "squeeze": squeeze,
    "stack": stack,
    "swapaxes": swapaxes,
    "take": take,
    "tensordot": tensordot,
    "tile": tile,
    "top_k": top_k,
    "trace": lambda x, offset=0, axis1=0, axis2=1: without(x, axis1, axis2),
    "transpose": transpose,
    "tri": eye,
    "unstack": unstack,
    "vdot": _scalar,
    **dict.fromkeys(
        ("nanpercentile", "nanquantile", "percentile", "quantile"), quantile
    ),
    **dict.fromkeys(("segment_max", "segment_min"), segments),
    **dict.fromkeys(("segment_prod", "segment_sum"), segments),
    **dict.fromkeys(("batch_normalization", "binary_crossentropy"), _first),
    **dict.fromkeys(("in_top_k", "scatter_update"), _first),
    **dict.fromkeys(("bartlett", "blackman", "hamming", "hanning", "kaiser"), window),
    **dict.fromkeys(("geomspace", "logspace"), spaced),
    "append": append,
    "array_split": array_split,
    "categorical": categorical,
    "categorical_crossentropy": crossentropy,
    "cross": cross,
    "diag": diag,
    "diagflat": diagflat,
    "dot_product_attention": dot_product_attention,
    "dsplit": dsplit,
    "dstack": dstack,
    "extract_sequences": sequences,
    "hsplit": hsplit,
    "hstack": hstack,
    "kron": kron,
    "matrix_rank": _of_matrix,
    "meshgrid": meshgrid,
    "multi_hot": multi_hot,
    "psnr": _scalar,
    "rot90": rot90,
    "scatter": lambda shape: tuple(shape),
    "slice": lambda shape: tuple(shape),
    "sparse_categorical_crossentropy": _first,
    "take_along_axis": take_along_axis,
    "trapezoid": trapezoid,
    "vander": vander,
    "vsplit": vsplit,
    "vstack": vstack,
    **matrix_rules.RULES,
    **window_rules.RULES,
}
