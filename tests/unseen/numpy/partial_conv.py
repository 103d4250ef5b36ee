"""What `partial_conv` computes."""

import numpy as np

ARGS = {"filters": 3, "kernel_size": 3}
INPUTS = {
    "x": ((2, 6, 6, 2), "float32", -1, 1),
    "valid": lambda rng: (rng.random((2, 6, 6, 1)) < 0.3).astype("float32"),
}


def convolve(x, kernel):
    size = kernel.shape[0]
    batch, height, width, _ = x.shape
    before = (size - 1) // 2
    after = size - 1 - before
    padded = np.pad(x, ((0, 0), (before, after), (before, after), (0, 0)))
    y = np.zeros((batch, height, width, kernel.shape[-1]))
    for a in range(size):
        for b in range(size):
            y += padded[:, a : a + height, b : b + width] @ kernel[a, b]
    return y


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    valid = np.asarray(inputs["valid"], "float64")
    size = args["kernel_size"]
    n = convolve(valid, np.ones((size, size, 1, 1)))
    raw = convolve(x * valid, weights["kernel"])
    y = raw * (size**2 / np.maximum(n, 1)) + weights["bias"]
    return np.where(n > 0, y, 0.0), np.where(n > 0, 1.0, 0.0)
