"""What `octave_conv` computes."""

import numpy as np

ARGS = {"filters": 5, "kernel_size": 3, "ratio": 0.5}
INPUTS = {
    "high": ((2, 4, 6, 3), "float32", -1, 1),
    "low": ((2, 2, 3, 2), "float32", -1, 1),
}
OPEN = {"high": [1, 2], "low": [1, 2]}


def convolve(x, kernel):
    size = kernel.shape[0]
    before = (size - 1) // 2
    after = size - 1 - before
    padded = np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))
    height, width = x.shape[1:3]
    y = 0
    for a in range(size):
        for b in range(size):
            y = y + padded[:, a : a + height, b : b + width] @ kernel[a, b]
    return y


def reference(inputs, weights, args, training):
    high, low = inputs["high"], inputs["low"]
    pooled = (
        high[:, ::2, ::2]
        + high[:, 1::2, ::2]
        + high[:, ::2, 1::2]
        + high[:, 1::2, 1::2]
    ) / 4
    up = convolve(low, weights["lh/kernel"]).repeat(2, axis=1).repeat(2, axis=2)
    out_high = convolve(high, weights["hh/kernel"]) + weights["hh/bias"] + up
    out_low = (
        convolve(low, weights["ll/kernel"])
        + weights["ll/bias"]
        + convolve(pooled, weights["hl/kernel"])
    )
    return out_high, out_low
