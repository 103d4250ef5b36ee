"""What `gdn` computes."""

import numpy as np

ARGS = {"inverse": True, "alpha": 2.0, "exponent": 0.5}
INPUTS = {"x": ((2, 3, 4, 5), "float32", -1, 1)}
WEIGHTS = {"beta": (0.5, 1.5), "gamma": (0, 0.5)}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    n = weights["beta"] + np.abs(x) ** args["alpha"] @ weights["gamma"]
    if args["inverse"]:
        return x * n ** args["exponent"]
    return x / n ** args["exponent"]
