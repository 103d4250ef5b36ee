"""What `filter_response_norm` computes."""

import numpy as np

ARGS = {}
INPUTS = {"x": ((2, 3, 4, 5), "float32", -1, 1)}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    square = np.mean(x**2, axis=(1, 2), keepdims=True)
    root = np.sqrt(square + args.get("epsilon", 1e-6) + np.abs(weights["learned"]))
    return np.maximum(weights["gamma"] * x / root + weights["beta"], weights["tau"])
