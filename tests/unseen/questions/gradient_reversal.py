"""What was asked for as `gradient_reversal`."""

import numpy as np

ARGS = {"factor": 0.5}
INPUTS = {"x": ((2, 3, 4), "float32")}
MASKS = {"x": np.array([[True, False, True], [True, True, False]])}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    return {"outputs": inputs["x"], "mask": inputs["x_mask"]}


def gradients(inputs, weights, args, upstream):
    return {"x": -0.5 * upstream}
