"""What `learned_step_quantizer` computes."""

import numpy as np

ARGS = {"bits": 3, "signed": True}
STEPS = [0.25, 0.375, 0.5]
FLIPS = 0.1


def some_x(rng):
    """Values that are not close to where rounding or clipping jumps."""
    grid = np.arange(-128, 129) / 64
    for step in STEPS:
        v = grid / step
        near = np.abs(v - np.floor(v) - 0.5) < 0.06
        near = near & (v > -4.5) & (v < 3.5)
        near = near | (np.abs(v + 4) < 0.06) | (np.abs(v - 3) < 0.06)
        grid = grid[~near]
    return rng.choice(grid, (4, 6)).astype("float32")


INPUTS = {"x": some_x}
WEIGHTS = {"step": lambda rng, shape: rng.choice(STEPS, shape)}


def limits(args):
    if args["signed"]:
        return -(2 ** (args["bits"] - 1)), 2 ** (args["bits"] - 1) - 1
    return 0, 2 ** args["bits"] - 1


def reference(inputs, weights, args, training):
    low, high = limits(args)
    v = inputs["x"] / weights["step"]
    return np.round(np.clip(v, low, high)) * weights["step"]


def gradients(inputs, weights, args, upstream):
    low, high = limits(args)
    x = inputs["x"]
    v = x / weights["step"]
    g = 1 / np.sqrt(x[0].size * high)
    inside = (v > low) & (v < high)
    slope = np.where(v <= low, low, np.where(v >= high, high, np.round(v) - v))
    return {
        "x": upstream * inside,
        "step": np.sum(upstream * slope) * g,
    }
