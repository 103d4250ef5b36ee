"""What `pre_norm_residual` computes."""

import keras
import numpy as np


def mask(rng):
    return rng.random((3, 4)) < 0.6


def ARGS():
    return {
        "layer": keras.layers.Dense(5, activation="tanh", name="inner"),
        "rate": 0.5,
        "epsilon": 1e-3,
    }


INPUTS = {"x": ((3, 4, 5), "float32", -1, 1)}
MASKS = {"x": mask}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    centered = x - x.mean(axis=-1, keepdims=True)
    z = centered / np.sqrt((centered**2).mean(axis=-1, keepdims=True) + args["epsilon"])
    z = z * weights["norm/gamma"] + weights["norm/beta"]
    run = np.tanh(z @ weights["inner/kernel"] + weights["inner/bias"])
    return {"outputs": x + run, "mask": inputs.get("x_mask")}


def check(first, second, inputs, weights, args):
    x = np.asarray(inputs["x"], "float64")
    run = reference({"x": x}, weights, args, False)["outputs"] - x
    for outputs in (first, second):
        y = np.asarray(outputs[0], "float64") - x
        dropped = np.abs(y) < 2e-2
        kept = np.abs(y - 2 * run) < 5e-2
        assert np.all(dropped | kept)
        assert 0.2 < dropped.mean() < 0.8
    assert np.any(np.asarray(first[0]) != np.asarray(second[0]))
