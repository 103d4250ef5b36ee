"""What `swish_sign` computes."""

import numpy as np


def apart(rng):
    sign = np.where(rng.random((4, 6)) < 0.5, -1, 1)
    return (sign * rng.uniform(0.11, 1.5, (4, 6))).astype("float32")


ARGS = {"beta": 2.0}
INPUTS = {"x": apart}


def reference(inputs, weights, args, training):
    return np.where(np.asarray(inputs["x"]) >= 0, 1.0, -1.0)


def gradients(inputs, weights, args, upstream):
    x, b = np.asarray(inputs["x"], "float64"), args["beta"]
    slope = b * (2 - b * x * np.tanh(b * x / 2)) / (1 + np.cosh(b * x))
    return {"x": slope * upstream}
