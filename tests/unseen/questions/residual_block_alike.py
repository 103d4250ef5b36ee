"""What was asked for as `residual_block`, where it does not change."""

from itertools import product

import numpy as np

ARGS = {"filters": 4, "groups": 2}
INPUTS = {"x": ((2, 4, 3, 4), "float32")}
OPEN = {"x": [1, 2]}


def conv(x, kernel, bias):
    size, (height, width) = len(kernel), x.shape[1:3]
    edge = (size // 2, size // 2)
    padded = np.pad(x, [(0, 0), edge, edge, (0, 0)])
    y = np.zeros((*x.shape[:3], kernel.shape[-1])) + bias
    for i, j, a, b in product(range(height), range(width), range(size), range(size)):
        y[:, i, j] += padded[:, i + a, j + b] @ kernel[a, b]
    return y


def norm(x, gamma, beta):
    y = np.empty_like(x)
    half = x.shape[-1] // 2
    for n, g in np.ndindex(len(x), 2):
        one = x[n, :, :, g * half : (g + 1) * half]
        y[n, :, :, g * half : (g + 1) * half] = (one - one.mean()) / np.sqrt(
            one.var() + 1e-5
        )
    return y * gamma + beta


def silu(x):
    return x / (1 + np.exp(-x))


def reference(inputs, weights, args, training):
    w, x = weights, inputs["x"]
    y = conv(silu(norm(x, w["norm1/gamma"], w["norm1/beta"])), *both(w, "conv1"))
    y = conv(silu(norm(y, w["norm2/gamma"], w["norm2/beta"])), *both(w, "conv2"))
    assert not any("projection" in name for name in w)
    return y + x


def both(weights, name):
    return weights[f"{name}/kernel"], weights[f"{name}/bias"]
