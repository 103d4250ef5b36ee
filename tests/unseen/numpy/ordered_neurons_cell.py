"""What `ordered_neurons_cell` computes."""

import numpy as np

ARGS = {"units": 6, "chunk": 2}
INPUTS = {
    "x": ((3, 5), "float32", -1, 1),
    "states": [
        ((3, 6), "float32", -1, 1),
        ((3, 6), "float32", -1, 1),
    ],
}
CELL = True


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def reference(inputs, weights, args, training):
    h, c = inputs["states"]
    units, chunk = args["units"], args["chunk"]
    m = units // chunk
    z = (
        inputs["x"] @ weights["kernel"]
        + h @ weights["recurrent_kernel"]
        + weights["bias"]
    )
    fm, im = z[:, :m], z[:, m : 2 * m]
    zi, zf, zc, zo = (
        z[:, 2 * m + k * units : 2 * m + (k + 1) * units] for k in range(4)
    )
    few_f = np.cumsum(softmax(fm), axis=-1)
    few_i = 1 - np.cumsum(softmax(im), axis=-1)
    master_f = np.zeros_like(zf)
    master_i = np.zeros_like(zf)
    for unit in range(units):
        master_f[:, unit] = few_f[:, unit // chunk]
        master_i[:, unit] = few_i[:, unit // chunk]
    both = master_f * master_i
    forget = sigmoid(zf) * both + (master_f - both)
    enter = sigmoid(zi) * both + (master_i - both)
    c = forget * c + enter * np.tanh(zc)
    h = sigmoid(zo) * np.tanh(c)
    return h, h, c
