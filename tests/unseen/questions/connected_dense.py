"""What was asked for as `connected_dense`."""

from itertools import product

import numpy as np

CONNECTIONS = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]])
ARGS = {"connections": CONNECTIONS, "activation": "tanh"}
INPUTS = {"x": ((2, 4), "float32")}


def reference(inputs, weights, args, training):
    x, y = inputs["x"], np.zeros((2, 3))
    for n, i, j in product(range(2), range(4), range(3)):
        if CONNECTIONS[i, j]:
            y[n, j] += x[n, i] * weights["kernel"][i, j]
    return np.tanh(y + weights["bias"])
