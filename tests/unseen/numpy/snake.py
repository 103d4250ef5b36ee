"""What `snake` computes."""

import numpy as np

ARGS = {}
INPUTS = {"x": ((2, 3, 5), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 3)) < 0.7}
WEIGHTS = {"frequency": (0.5, 2)}


def reference(inputs, weights, args, training):
    x, f = inputs["x"], weights["frequency"]
    y = x + np.sin(f * x) ** 2 / (f + 1e-9)
    return {"outputs": y, "mask": inputs["x_mask"]}
