"""What `coordinate_attention` computes."""

import numpy as np

ARGS = {"hidden": 4}
INPUTS = {"x": ((2, 3, 4, 5), "float32", -1, 1)}
WEIGHTS = {"norm/moving_variance": (0.5, 1.5)}
OPEN = {"x": [1, 2]}
TRAINING = True


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def pointwise(x, weights, name):
    return x @ weights[name + "/kernel"][0, 0] + weights[name + "/bias"]


def reference(inputs, weights, args, training):
    x = inputs["x"]
    height = x.shape[1]
    r = x.mean(axis=2)
    q = x.mean(axis=1)
    j = pointwise(np.concatenate([r, q], axis=1), weights, "shrink")
    mean = weights["norm/moving_mean"]
    variance = weights["norm/moving_variance"]
    states = {}
    if training:
        old_mean, old_variance = mean, variance
        mean = j.mean(axis=(0, 1))
        variance = ((j - mean) ** 2).mean(axis=(0, 1))
        states = {
            "norm/moving_mean": 0.99 * old_mean + 0.01 * mean,
            "norm/moving_variance": 0.99 * old_variance + 0.01 * variance,
        }
    j = (j - mean) / np.sqrt(variance + 1e-3)
    j = j * weights["norm/gamma"] + weights["norm/beta"]
    j = j * np.clip(j + 3, 0, 6) / 6
    rows = sigmoid(pointwise(j[:, :height], weights, "rows"))
    columns = sigmoid(pointwise(j[:, height:], weights, "columns"))
    y = x * rows[:, :, None, :] * columns[:, None, :, :]
    return {"outputs": y, "states": states}
