"""What `clipped_activation_quantizer` computes."""

import numpy as np

ARGS = {"bits": 4, "decay": 0.1}
LEVELS = [1.25, 1.875, 2.5]
FLIPS = 0.1


def some_x(rng):
    """Values that are not close to where rounding jumps."""
    grid = np.arange(-64, 257) / 64
    for level in LEVELS:
        v = grid * 15 / level
        off = np.abs(v - np.floor(v) - 0.5) > 0.12
        grid = grid[off | (grid < 0) | (grid > level)]
    return rng.choice(grid, (4, 5)).astype("float32")


INPUTS = {"x": some_x}
WEIGHTS = {"level": lambda rng, shape: rng.choice(LEVELS, shape)}


def reference(inputs, weights, args, training):
    level = weights["level"]
    n = 2 ** args["bits"] - 1
    c = np.clip(inputs["x"], 0, level)
    return {
        "outputs": np.round(c * n / level) * level / n,
        "losses": args["decay"] * level**2,
    }


def gradients(inputs, weights, args, upstream):
    x, level = inputs["x"], weights["level"]
    return {
        "x": upstream * ((x > 0) & (x < level)),
        "level": np.sum(upstream * (x >= level)),
    }
