"""What `cosine_dense` computes."""

import numpy as np

ARGS = {"units": 5}
INPUTS = {"x": ((3, 4, 6), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((3, 4)) < 0.7}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x, kernel = inputs["x"], weights["kernel"]
    long = np.maximum(np.sqrt(np.sum(x**2, axis=-1, keepdims=True)), 1e-6)
    wide = np.maximum(np.sqrt(np.sum(kernel**2, axis=0)), 1e-6)
    y = weights["scale"] * (x @ kernel) / (long * wide)
    return {"outputs": y, "mask": inputs["x_mask"]}
