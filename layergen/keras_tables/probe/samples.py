"""What a parameter without a default may be given, by its name.

Keras gives the same name to the same thing throughout. A name that is not here is taken
for a tensor's.
"""

from __future__ import annotations

from typing import Any

import numpy

from layergen.keras_tables.probe.calls import Tensor

WHOLE = Tensor((3,), "int32")

SAMPLES: dict[str, tuple[Any, ...]] = {
    "N": (3,),
    "alpha": (0.5, 1.5),
    "angle": (Tensor((2, 3)),),
    "axes": ((0,), (0, 1)),
    "axis": (0, -1),
    "axis1": (0,),
    "axis2": (1,),
    "beta": (0.5,),
    "bins": (numpy.array([0.2, 0.5]),),
    "block_size": (2,),
    "counts": (4.0,),
    "default_value": (0.0,),
    "destination": (-1,),
    "dtype": ("float16", "int32"),
    "fft_length": (4,),
    "fill_value": (1, 0.5),
    "indices": (WHOLE, Tensor((2, 3), "int32")),
    "indices_or_sections": (1, 2),
    "k": (2,),
    "kernel": (Tensor((2, 4, 5)), Tensor((2, 2, 4, 5))),
    "kernel_size": (2,),
    "key": (0,),
    "kth": (1,),
    "length": (3,),
    "lower": (0,),
    "max_val": (1.0,),
    "maxval": (5,),
    "minval": (0,),
    "n": (3,),
    "newshape": ((-1,), (3, 2)),
    "num_classes": (4,),
    "num_samples": (2,),
    "order": (1,),
    "output_size": (2, (2, 2)),
    "pattern": ("a b -> b a",),
    "pool_size": (2,),
    "probabilities": (0.5,),
    "q": (0.5, [0.2, 0.8]),
    "rate": (0.5,),
    "repeats": (2,),
    "sequence_length": (4,),
    "sequence_stride": (2,),
    "shape": ((2, 3), (1, 2), (4, 2, 3)),
    "shift": (1,),
    "size": ((2, 2),),
    "source": (0,),
    "start": (0, 1.0),
    "start_indices": ((0, 0),),
    "stop": (5, 4.5),
    "subscripts": ("ij,jk->ik", "ij,ij->i"),
    "threshold": (0.5,),
    "upper": (3,),
    "x_max": (1.0, 1),
    "x_min": (0.0, 0),
}

FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "body": (lambda *values: values,),
    "body_fun": (lambda index, value: value,),
    "branches": ([lambda *values: values, lambda *values: values],),
    "cond": (lambda *values: False,),
    "f": (lambda value: value, lambda one, other: one),
    "false_fn": (lambda: 0,),
    "fun": (lambda value: value,),
    "function": (lambda value: value,),
    "pyfunc": (lambda value: value,),
    "true_fn": (lambda: 1,),
}
"""Parameters that take a Python function."""

SHAPES: tuple[tuple[int, ...], ...] = (
    (2, 3),
    (3,),
    (3, 3),
    (2, 3, 4),
    (1, 4, 4, 2),
    (1, 4, 4, 3),
    (2, 1),
)
"""Shapes of a single tensor, the first that a function takes being its example."""

PAIRS: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (
    ((2, 3), (2, 3)),
    ((2, 3), (3, 4)),
    ((2, 3), (4, 3)),
    ((3,), (3,)),
    ((3, 3), (3, 2)),
    ((2, 3), (2,)),
    ((2, 3, 4), (2, 3, 4)),
)
"""Shapes of two tensors."""

DTYPES = (
    "bool",
    "uint8",
    "uint16",
    "uint32",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "bfloat16",
    "float32",
    "float64",
)
"""The dtypes that every function is tried with."""

INDICES = Tensor((2, 1), "int32")
MANY = Tensor((2,), "int32")
ATTENTION = Tensor((2, 3, 2, 4))

EXAMPLES: dict[str, dict[str, Any]] = {
    "bartlett": {"x": 4},
    "blackman": {"x": 4},
    "conv_transpose": {"inputs": Tensor((1, 4, 3)), "kernel": Tensor((2, 5, 3))},
    "ctc_decode": {"inputs": Tensor((2, 5, 4)), "sequence_lengths": MANY},
    "ctc_loss": {
        "target": Tensor((2, 3), "int32"),
        "output": Tensor((2, 5, 4)),
        "target_length": MANY,
        "output_length": MANY,
    },
    "depth_to_space": {"x": Tensor((1, 2, 2, 4)), "block_size": 2},
    "dot_product_attention": dict.fromkeys(("query", "key", "value"), ATTENTION),
    "fold": {"x": Tensor((1, 4, 4)), "output_size": (3, 3), "kernel_size": 2},
    "hamming": {"x": 4},
    "hanning": {"x": 4},
    "in_top_k": {"targets": MANY, "predictions": Tensor((2, 4)), "k": 2},
    "kaiser": {"x": 4, "beta": 0.5},
    "pad": {"x": Tensor((2, 3)), "pad_width": ((1, 1), (0, 2))},
    "scatter": {"indices": INDICES, "values": Tensor((2,)), "shape": (4,)},
    "scatter_update": {
        "inputs": Tensor((4, 2)),
        "indices": INDICES,
        "updates": Tensor((2, 2)),
    },
    "segment_sum": {"data": Tensor((3,)), "segment_ids": WHOLE, "num_segments": 4},
    "select": {
        "condlist": [Tensor((2, 3), "bool")] * 2,
        "choicelist": [Tensor((2, 3))] * 2,
    },
    "separable_conv": {
        "inputs": Tensor((1, 4, 3)),
        "depthwise_kernel": Tensor((2, 3, 1)),
        "pointwise_kernel": Tensor((1, 3, 5)),
    },
    "sparse_categorical_crossentropy": {"target": MANY, "output": Tensor((2, 4))},
}
"""Whole calls of functions whose arguments must fit each other in ways of their own."""
