"""What `involution` computes."""

import numpy as np

ARGS = {"kernel_size": 3, "groups": 2, "reduction": 2}
INPUTS = {"x": ((2, 4, 5, 4), "float32", -1, 1)}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    k, groups = args["kernel_size"], args["groups"]
    batch, height, width, channels = x.shape
    reduced = np.maximum(x @ weights["reduce/kernel"][0, 0] + weights["reduce/bias"], 0)
    w = reduced @ weights["span/kernel"][0, 0] + weights["span/bias"]
    y = np.zeros_like(x)
    for i in range(height):
        for j in range(width):
            for c in range(channels):
                g = c // (channels // groups)
                for p in range(k * k):
                    row, column = i + p // k - k // 2, j + p % k - k // 2
                    if 0 <= row < height and 0 <= column < width:
                        y[:, i, j, c] += (
                            w[:, i, j, g * k * k + p] * x[:, row, column, c]
                        )
    return y
