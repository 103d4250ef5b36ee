"""Dtypes that the table does not say: the rules that are written by hand.

They are in the words of the table. A rule of several tensors is that of their common dtype.
"""

from __future__ import annotations

CHECKED = "floats; float16 unknown, bfloat16 unknown"
"""Of what TensorFlow does not do in sixteen bits."""

RULES = {
    **dict.fromkeys(("concatenate", "dstack", "hstack", "vstack"), "same of xs"),
    **dict.fromkeys(
        ("conv", "conv_transpose", "depthwise_conv"), "floats of inputs, kernel"
    ),
    "cholesky": f"{CHECKED} of x",
    **dict.fromkeys(("solve", "solve_triangular", "lstsq"), f"{CHECKED} of a, b"),
    **dict.fromkeys(("affine_transform", "perspective_transform"), "floats of images"),
    "batch_normalization": "floats of x",
    "binary_crossentropy": "floats of target, output",
    "categorical_crossentropy": "floats of target, output",
    "cdist": "floats of x, y",
    "dot_product_attention": "floats of query, key, value",
    "einsum": "same of operands",
    "scale_and_translate": "floats of images",
    "scatter": "same of values",
    "scatter_update": "same of inputs",
    "searchsorted": "int32",
    "separable_conv": "floats of inputs, depthwise_kernel, pointwise_kernel",
    "slice_update": "same of inputs",
    "sparse_categorical_crossentropy": "floats of output",
    "stack": "same of x",
    "take": "same of x",
    "take_along_axis": "same of x",
}
