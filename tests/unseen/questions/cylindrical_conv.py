"""What was asked for as `cylindrical_conv`."""

from itertools import product

import numpy as np

ARGS = {"filters": 2, "kernel_size": 3, "activation": "relu"}
INPUTS = {"x": ((2, 4, 5, 3), "float32")}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    x, y = inputs["x"], np.zeros((2, 4, 3, 2)) + weights["bias"]
    for i, j, a, b in product(range(4), range(3), range(3), range(3)):
        y[:, i, j] += x[:, (i + a - 1) % 4, j + b] @ weights["kernel"][a, b]
    return np.maximum(y, 0)
