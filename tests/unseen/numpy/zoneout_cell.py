"""What `zoneout_cell` computes."""

import keras
import numpy as np


def ARGS():
    return {"cell": keras.layers.GRUCell(4, name="cell"), "rate": 0.3, "seed": 3}


INPUTS = {
    "x": ((3, 5), "float32", -1, 1),
    "states": [((3, 4), "float32", -1, 1)],
}
CELL = True


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gru(x, h, weights):
    size = h.shape[-1]
    inner = x @ weights["cell/kernel"] + weights["cell/bias"][0]
    old = h @ weights["cell/recurrent_kernel"] + weights["cell/bias"][1]
    z = sigmoid(inner[:, :size] + old[:, :size])
    r = sigmoid(inner[:, size : 2 * size] + old[:, size : 2 * size])
    new = np.tanh(inner[:, 2 * size :] + r * old[:, 2 * size :])
    return z * h + (1 - z) * new


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    old = np.asarray(inputs["states"][0], "float64")
    state = args["rate"] * old + (1 - args["rate"]) * gru(x, old, weights)
    return state, state


def check(first, second, inputs, weights, args):
    # Each entry is the old one or the new one, and calls differ in which.
    old = np.asarray(inputs["states"][0], "float64")
    new = gru(np.asarray(inputs["x"], "float64"), old, weights)
    kept, changed = 0, 0
    for outputs in (first, second):
        y, state = (np.asarray(a, "float64") for a in outputs)
        assert y.shape == state.shape == old.shape
        assert np.allclose(y, state, atol=1e-6)
        assert np.all(np.minimum(np.abs(y - old), np.abs(y - new)) < 3e-2)
        kept += np.sum(np.abs(y - old) < np.abs(y - new))
        changed += np.sum(np.abs(y - old) > np.abs(y - new))
    assert kept and changed
    assert np.any(np.asarray(first[0]) != np.asarray(second[0]))
