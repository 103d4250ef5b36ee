"""What `ghost_module` computes."""

import numpy as np

ARGS = {"filters": 5, "ratio": 3, "kernel_size": 3}
INPUTS = {"x": ((2, 4, 5, 3), "float32", -1, 1)}


def depthwise(x, kernel):
    size, _, channels, multiplier = kernel.shape
    batch, height, width, _ = x.shape
    before = (size - 1) // 2
    after = size - 1 - before
    padded = np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))
    y = np.zeros((batch, height, width, channels * multiplier))
    for a in range(size):
        for b in range(size):
            window = padded[:, a : a + height, b : b + width]
            for c in range(channels):
                for m in range(multiplier):
                    y[..., c * multiplier + m] += window[..., c] * kernel[a, b, c, m]
    return y


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    p = np.maximum(x @ weights["primary/kernel"][0, 0], 0)
    q = np.maximum(depthwise(p, weights["cheap/kernel"]), 0)
    return np.concatenate([p, q], axis=-1)[..., : args["filters"]]
