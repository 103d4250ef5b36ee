"""What `ind_rnn_cell` computes."""

import numpy as np

ARGS = {"units": 4, "bound": 0.8, "activation": "tanh"}
INPUTS = {
    "x": ((3, 5), "float32", -1, 1),
    "states": [((3, 4), "float32", -1, 1)],
}
WEIGHTS = {"recurrent": (-1.5, 1.5)}
CELL = True


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    h = np.asarray(inputs["states"][0], "float64")
    u = weights["recurrent"]
    if args["bound"] is not None:
        u = np.clip(u, -args["bound"], args["bound"])
    new = x @ weights["kernel"] + u * h + weights["bias"]
    new = np.tanh(new) if args["activation"] == "tanh" else np.maximum(new, 0)
    return new, new
