"""What `selective_kernel` computes."""

import numpy as np

ARGS = {"filters": 4, "hidden": 3}
INPUTS = {"x": ((2, 5, 6, 3), "float32", -1, 1)}


def convolve(x, kernel, bias, dilation):
    pad = (dilation, dilation)
    padded = np.pad(x, ((0, 0), pad, pad, (0, 0)))
    height, width = x.shape[1:3]
    y = bias
    for a in range(3):
        for b in range(3):
            i, j = a * dilation, b * dilation
            y = y + padded[:, i : i + height, j : j + width] @ kernel[a, b]
    return y


def reference(inputs, weights, args, training):
    x = inputs["x"]

    def parts(name):
        return weights[name + "/kernel"], weights[name + "/bias"]

    def dense(name, z):
        kernel, bias = parts(name)
        return z @ kernel + bias

    u1 = np.maximum(convolve(x, *parts("small"), 1), 0)
    u2 = np.maximum(convolve(x, *parts("large"), 2), 0)
    s = (u1 + u2).mean(axis=(1, 2))
    z = np.maximum(dense("squeeze", s), 0)
    a, b = dense("first", z), dense("second", z)
    top = np.maximum(a, b)
    a, b = np.exp(a - top), np.exp(b - top)
    first = (a / (a + b))[:, None, None]
    second = (b / (a + b))[:, None, None]
    return first * u1 + second * u2
