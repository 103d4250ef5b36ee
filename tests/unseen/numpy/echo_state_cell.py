"""What `echo_state_cell` computes."""

import numpy as np

ARGS = {"units": 5, "leaky": 0.3, "use_bias": False}
INPUTS = {
    "x": ((3, 4), "float32", -1, 1),
    "states": [((3, 5), "float32", -1, 1)],
}
CELL = True


def reference(inputs, weights, args, training):
    (h,) = inputs["states"]
    z = inputs["x"] @ weights["kernel"] + h @ weights["recurrent_kernel"]
    h = (1 - args["leaky"]) * h + args["leaky"] * np.tanh(z)
    return h, h
