"""What `highway` computes."""

import numpy as np

ARGS = {"activation": "tanh"}
INPUTS = {"x": ((2, 3, 5), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 3)) < 0.7}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    h = x @ weights["transform/kernel"] + weights["transform/bias"]
    t = x @ weights["gate/kernel"] + weights["gate/bias"]
    h, t = np.tanh(h), 1 / (1 + np.exp(-t))
    return {"outputs": t * h + (1 - t) * x, "mask": inputs["x_mask"]}
