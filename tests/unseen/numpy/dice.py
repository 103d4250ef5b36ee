"""What `dice` computes."""

import numpy as np

ARGS = {"epsilon": 1e-3}
INPUTS = {"x": ((5, 4), "float32", -1, 1)}
WEIGHTS = {"norm/moving_variance": (0.5, 1.5)}
TRAINING = True


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    mean, variance = weights["norm/moving_mean"], weights["norm/moving_variance"]
    moved = {"norm/moving_mean": mean, "norm/moving_variance": variance}
    if training:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        moved = {
            "norm/moving_mean": 0.99 * moved["norm/moving_mean"] + 0.01 * mean,
            "norm/moving_variance": 0.99 * moved["norm/moving_variance"]
            + 0.01 * variance,
        }
    n = (x - mean) / np.sqrt(variance + args["epsilon"])
    p = 1 / (1 + np.exp(-n))
    return {"outputs": p * x + (1 - p) * weights["alpha"] * x, "states": moved}
