"""What `maxout_dense` computes."""

import numpy as np

ARGS = {"units": 4, "pieces": 3}
INPUTS = {"x": ((5, 7), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    x, kernel, bias = inputs["x"], weights["kernel"], weights["bias"]
    pieces = [x @ kernel[:, p] + bias[p] for p in range(args["pieces"])]
    return np.max(pieces, axis=0)
