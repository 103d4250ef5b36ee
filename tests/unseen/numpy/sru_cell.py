"""What `sru_cell` computes."""

import numpy as np

ARGS = {"units": 4, "scale": 1.5}
INPUTS = {
    "x": ((3, 4), "float32", -1, 1),
    "states": [((3, 4), "float32", -1, 1)],
}
CELL = True


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    c = np.asarray(inputs["states"][0], "float64")
    units = args["units"]
    kernel, (vf, vr), (bf, br) = weights["kernel"], weights["peephole"], weights["bias"]
    f = sigmoid(x @ kernel[:, units : 2 * units] + vf * c + bf)
    r = sigmoid(x @ kernel[:, 2 * units :] + vr * c + br)
    new = f * c + (1 - f) * (x @ kernel[:, :units])
    h = r * new + (1 - r) * x * args["scale"]
    return h, new
