"""What `concrete_dropout` computes."""

import keras
import numpy as np


def ARGS():
    return {
        "layer": keras.layers.Dense(3, name="inner"),
        "dropout_weight": 0.1,
        "seed": 3,
    }


INPUTS = {"x": ((4, 5), "float32", -1, 1)}


def rate(weights):
    return 1 / (1 + np.exp(-np.asarray(weights["logit"], "float64")))


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    p = rate(weights)
    entropy = p * np.log(p) + (1 - p) * np.log(1 - p)
    return {
        "outputs": x @ weights["inner/kernel"] + weights["inner/bias"],
        "losses": args["dropout_weight"] * x.shape[-1] * entropy,
    }


def check(first, second, inputs, weights, args):
    # Each entry of x is scaled by something from 0 to 1/(1 - p), at random.
    x = np.asarray(inputs["x"], "float64")
    full = x[:, :, None] * weights["inner/kernel"] / (1 - rate(weights))
    low = np.minimum(full, 0).sum(axis=1) + weights["inner/bias"]
    high = np.maximum(full, 0).sum(axis=1) + weights["inner/bias"]
    slack = 3e-2 * max(np.abs(low).max(), np.abs(high).max())
    plain = x @ weights["inner/kernel"] + weights["inner/bias"]
    for outputs in (first, second):
        y = np.asarray(outputs[0], "float64")
        assert y.shape == plain.shape
        assert np.all(y >= low - slack) and np.all(y <= high + slack)
        assert np.abs(y - plain).max() > slack
    assert (
        np.abs(np.asarray(first[0], "float64") - np.asarray(second[0], "float64")).max()
        > 1e-3
    )
