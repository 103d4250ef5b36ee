"""What `sine_position_encoding` computes."""

import numpy as np

ARGS = {"max_wavelength": 50, "add": False}
INPUTS = {"x": ((2, 6, 5), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 6)) < 0.7}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    batch, time, features = inputs["x"].shape
    y = np.zeros((batch, time, features))
    for t in range(time):
        for i in range(features):
            rate = args["max_wavelength"] ** (-2.0 * (i // 2) / features)
            turn = np.sin if i % 2 == 0 else np.cos
            y[:, t, i] = turn(t * rate)
    return {"outputs": y, "mask": inputs["x_mask"]}
