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
from layergen.keras_tables.axis_rules import (
    along_or_flat,
    categorical,
    crossentropy,
    cumulated,
    diff,
    glu,
    moments,
    multi_hot,
    norm,
    one_hot,
    quantile,
    segments,
    sequences,
    take,
    take_along_axis,
    top_k,
    trapezoid,
)
from layergen.keras_tables.joining_rules import (
    append,
    array_split,
    concatenate,
    dsplit,
    dstack,
    hsplit,
    hstack,
    split,
    stack,
    unstack,
    vsplit,
    vstack,
)
from layergen.keras_tables.moving_rules import (
    diag,
    diagflat,
    diagonal,
    expand_dims,
    moveaxis,
    pad,
    repeat,
    reshape,
    rot90,
    squeeze,
    swapaxes,
    tile,
    transpose,
)
from layergen.keras_tables.product_rules import (
    cross,
    dot,
    einsum,
    inner,
    kron,
    matmul,
    outer,
    tensordot,
)
from layergen.keras_tables.shape_parts import (
    Answer,
    Shape,
    product,
    without,
)


def meshgrid(x: Sequence[Shape], indexing: str = "xy") -> Answer:
    sizes = [product(one) for one in x]
    if indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return [tuple(sizes)] * len(sizes)


def spaced(num: int = 50) -> Answer:
    return (num,)


def vander(x: Shape, N: int | None = None, **others: Any) -> Answer:
    return (*x, x[0] if N is None else N)


def dot_product_attention(query: Shape, value: Shape, **others: Any) -> Answer:
    return (*query[:-1], value[-1])


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
