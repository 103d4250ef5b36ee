"""What `moving_range_quantizer` computes."""

import numpy as np

ARGS = {"bits": 4, "decay": 0.75}
INPUTS = {"x": ((4, 9), "float32", -4, 5)}
WEIGHTS = {"low": (-2, -1), "high": (2, 3)}
TRAINING = True
# Values half-way between two steps.
FLIPS = 0.1


def grid(low, high, bits):
    """The ends of the range, moved so that 0 is a step, and the step."""
    steps = 2**bits - 1
    scale = (high - low) / steps
    zero = np.clip(np.floor(-low / scale + 0.5), 0, steps)
    return -zero * scale, (steps - zero) * scale, scale


def reference(inputs, weights, args, training):
    x, low, high = inputs["x"], weights["low"], weights["high"]
    decay = args.get("decay", 0.999)
    if training:
        low = decay * low + (1 - decay) * min(x.min(), 0)
        high = decay * high + (1 - decay) * max(x.max(), 0)
    first, last, scale = grid(low, high, args.get("bits", 8))
    clamped = np.clip(x, first, last)
    y = np.floor((clamped - first) / scale + 0.5) * scale + first
    return {"outputs": y, "states": {"low": low, "high": high}}


def gradients(inputs, weights, args, upstream):
    first, last, _ = grid(weights["low"], weights["high"], args.get("bits", 8))
    x = inputs["x"]
    return {"x": upstream * ((x >= first) & (x <= last))}
