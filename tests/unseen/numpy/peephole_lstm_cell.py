"""What `peephole_lstm_cell` computes."""

import numpy as np

ARGS = {"units": 3, "dropout": 0.0}
INPUTS = {
    "x": ((4, 5), "float32", -1, 1),
    "states": [((4, 3), "float32", -1, 1), ((4, 3), "float32", -1, 1)],
}
CELL = True


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def reference(inputs, weights, args, training):
    x = inputs["x"]
    h, c = inputs["states"]
    z = x @ weights["kernel"] + h @ weights["recurrent_kernel"] + weights["bias"]
    zi, zf, zc, zo = np.split(z, 4, axis=-1)
    pi, pf, po = weights["peephole"]
    i = sigmoid(zi + pi * c)
    f = sigmoid(zf + pf * c)
    c = f * c + i * np.tanh(zc)
    o = sigmoid(zo + po * c)
    h = o * np.tanh(c)
    return h, h, c
