"""What was asked for as `rounded_dense`."""

import numpy as np

ARGS = {"units": 4}
INPUTS = {"x": ((4, 3), "float32")}
FLIPS = 0.1


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def reference(inputs, weights, args, training):
    return (inputs["x"] @ weights["kernel"] + weights["bias"] > 0).astype("float64")


def gradients(inputs, weights, args, upstream):
    y = sigmoid(inputs["x"] @ weights["kernel"] + weights["bias"])
    inner = upstream * y * (1 - y)
    return {
        "x": inner @ weights["kernel"].T,
        "kernel": inputs["x"].T @ inner,
        "bias": inner.sum(axis=0),
    }
