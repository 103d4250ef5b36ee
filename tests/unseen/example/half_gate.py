"""What `half_gate.yaml` computes."""

import numpy as np

ARGS = {"units": 3}
INPUTS = {"x": ((2, 4, 5), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 4)) < 0.7}
OPEN = {"x": [1]}
TRAINING = True


def reference(inputs, weights, args, training):
    z = inputs["x"] @ weights["kernel"]
    units = args["units"]
    y = z[..., :units] / (1 + np.exp(-z[..., units:]))
    center = weights["center"]
    if training:
        center = 0.9 * center + 0.1 * y.mean(axis=(0, 1))
    return {
        "outputs": y - center,
        "states": {"center": center},
        "mask": inputs["x_mask"],
    }
