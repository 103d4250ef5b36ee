"""What `convnext_block` computes."""

import math

import numpy as np

ARGS = {"kernel_size": 3, "rate": 0.3}
INPUTS = {"x": ((2, 5, 4, 3), "float32", -1, 1)}
OPEN = {"x": [1, 2]}

erf = np.vectorize(math.erf, otypes=["float64"])


def branch(x, weights, args):
    size = args.get("kernel_size", 7)
    before = (size - 1) // 2
    pad = (before, size - 1 - before)
    padded = np.pad(x, ((0, 0), pad, pad, (0, 0)))
    height, width = x.shape[1:3]
    h = weights["depthwise/bias"]
    for a in range(size):
        for b in range(size):
            window = padded[:, a : a + height, b : b + width]
            h = h + window * weights["depthwise/kernel"][a, b, :, 0]
    center = h.mean(axis=-1, keepdims=True)
    variance = ((h - center) ** 2).mean(axis=-1, keepdims=True)
    h = (h - center) / np.sqrt(variance + 1e-6)
    h = h * weights["norm/gamma"] + weights["norm/beta"]
    h = h @ weights["expand/kernel"] + weights["expand/bias"]
    h = h * 0.5 * (1 + erf(h / math.sqrt(2)))
    h = h @ weights["contract/kernel"] + weights["contract/bias"]
    return weights["scale"] * h


def reference(inputs, weights, args, training):
    return inputs["x"] + branch(inputs["x"], weights, args)


def check(first, second, inputs, weights, args):
    """A sample's branch is either dropped or scaled up."""
    x = inputs["x"]
    kept = x + branch(x, weights, args) / (1 - args["rate"])
    limit = 3e-2 * np.abs(kept).max()
    for outputs in (first, second):
        y = np.asarray(outputs[0], "float64")
        for n in range(len(x)):
            dropped = np.abs(y[n] - x[n]).max() <= limit
            scaled = np.abs(y[n] - kept[n]).max() <= limit
            assert dropped or scaled
