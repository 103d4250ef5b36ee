"""What `meta_acon` computes."""

import numpy as np

ARGS = {"ratio": 2, "minimum": 2}
INPUTS = {"x": ((2, 3, 4, 6), "float32", -1, 1)}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def reference(inputs, weights, args, training):
    x = inputs["x"]
    pooled = x.mean(axis=(1, 2))
    hidden = pooled @ weights["down/kernel"] + weights["down/bias"]
    b = sigmoid(hidden @ weights["up/kernel"] + weights["up/bias"])
    b = b[:, None, None, :]
    difference = weights["p1"] - weights["p2"]
    return difference * x * sigmoid(b * difference * x) + weights["p2"] * x
