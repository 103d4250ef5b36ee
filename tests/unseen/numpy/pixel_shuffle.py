"""What `pixel_shuffle` computes."""

import numpy as np

ARGS = {"filters": 2, "factor": 3, "kernel_size": 3}
INPUTS = {"x": ((2, 3, 4, 3), "float32", -1, 1)}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    filters, factor, size = args["filters"], args["factor"], args["kernel_size"]
    batch, height, width, _ = x.shape
    before = (size - 1) // 2
    after = size - 1 - before
    padded = np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))
    z = np.zeros((batch, height, width, filters * factor**2)) + weights["conv/bias"]
    for a in range(size):
        for b in range(size):
            z += padded[:, a : a + height, b : b + width] @ weights["conv/kernel"][a, b]
    y = np.zeros((batch, height * factor, width * factor, filters))
    for i in range(height):
        for j in range(width):
            for a in range(factor):
                for b in range(factor):
                    for f in range(filters):
                        channel = (a * factor + b) * filters + f
                        y[:, i * factor + a, j * factor + b, f] = z[:, i, j, channel]
    return y
