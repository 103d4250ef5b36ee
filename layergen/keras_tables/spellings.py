"""What NumPy, PyTorch and earlier Keras call parameters that have other names here."""

from __future__ import annotations

from collections.abc import Collection

AXES = ("axis", "axes")
FIRST = ("x", "xs", "inputs", "images")

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "a": (*FIRST, "x1"),
    "a_max": ("x_max",),
    "a_min": ("x_min",),
    "ary": FIRST,
    "arr": FIRST,
    "bias": ("use_bias",),
    "arrays": ("xs", "x"),
    "b": ("x2",),
    "dilation": ("dilation_rate",),
    "dim": AXES,
    "dim0": ("axis1",),
    "dim1": ("axis2",),
    "dims": ("axes", "axis"),
    "embed_dim": ("key_dim",),
    "embedding_dim": ("output_dim",),
    "eps": ("epsilon",),
    "hidden_size": ("units",),
    "high": ("maxval",),
    "index": ("indices",),
    "input": FIRST,
    "keep_dims": ("keepdims",),
    "keepdim": ("keepdims",),
    "kernel": ("kernel_size",),
    "loc": ("mean",),
    "logits": ("x",),
    "low": ("minval",),
    "m1": ("x1",),
    "m2": ("x2",),
    "mat2": ("x2",),
    "max": ("x_max", "maxval"),
    "min": ("x_min", "minval"),
    "new_shape": ("newshape",),
    "nonlinearity": ("activation",),
    "normalized_shape": ("axis",),
    "num_embeddings": ("input_dim",),
    "num_units": ("units",),
    "object": FIRST,
    "other": ("x2", "y"),
    "out_channels": ("filters",),
    "out_features": ("units",),
    "output_size": ("units", "size"),
    "p": ("rate",),
    "perm": ("axes",),
    "permutation": ("axes",),
    "prob": ("rate",),
    "scale": ("stddev",),
    "sections": ("indices_or_sections",),
    "shape": ("newshape", "target_shape"),
    "slope": ("negative_slope",),
    "size": ("shape", "newshape"),
    "split_size_or_sections": ("indices_or_sections",),
    "std": ("stddev",),
    "stride": ("strides",),
    "tensor": FIRST,
    "tensors": ("xs", "x"),
    "values": ("xs", "x"),
    "x": (*FIRST, "x1"),
    "y": ("x2",),
}
"""Each name with what is meant by it, the first that there is."""


def meant(name: str, known: Collection[str]) -> str:
    """The parameter among `known` that another library calls `name`, or ""."""
    return next((one for one in ELSEWHERE.get(name, ()) if one in known), "")
