"""What `dorefa_quantizer` computes."""

import numpy as np


# Inputs keep away from where the rounding jumps.
def grid(rng):
    level = rng.integers(-3, 11, (4, 6))
    off = np.where(rng.random((4, 6)) < 0.5, -1, 1) * rng.uniform(0.1, 0.3, (4, 6))
    return ((level + off) / 7).astype("float32")


ARGS = {"bits": 3, "mode": "activations"}
INPUTS = {"x": grid}
FLIPS = 0.1


def quantize(x, bits):
    n = 2**bits - 1
    return np.round(np.clip(x, 0, 1) * n) / n


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    if args["mode"] == "activations":
        return quantize(x, args["bits"])
    t = np.tanh(x) / np.max(np.abs(np.tanh(x)))
    return 2 * quantize(t / 2 + 0.5, args["bits"]) - 1


def gradients(inputs, weights, args, upstream):
    x = np.asarray(inputs["x"], "float64")
    if args["mode"] == "activations":
        return {"x": np.where((x >= 0) & (x <= 1), upstream, 0.0)}
    u = np.tanh(x)
    size = np.abs(u)
    largest = size == size.max()
    to_u = upstream / size.max()
    through = np.sum(upstream * u) / size.max() ** 2
    to_u = to_u - largest * np.sign(u) * through / largest.sum()
    return {"x": to_u * (1 - u**2)}
