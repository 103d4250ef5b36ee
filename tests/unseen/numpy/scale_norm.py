"""What `scale_norm` computes."""

import numpy as np

ARGS = {}
INPUTS = {"x": ((2, 3, 4), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 3)) < 0.7}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    length = np.sqrt(np.sum(x**2, axis=-1, keepdims=True))
    y = weights["g"] * x / np.maximum(length, args.get("epsilon", 1e-5))
    return {"outputs": y, "mask": inputs["x_mask"]}
