"""What `rotary_embedding` computes."""

import numpy as np

ARGS = {"max_wavelength": 100, "scaling": 2.0, "start": 3}
INPUTS = {"x": ((2, 6, 2, 4), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 6)) < 0.7}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    time, size = x.shape[1], x.shape[3]
    half = size // 2
    y = np.zeros(x.shape)
    for t in range(time):
        for i in range(half):
            frequency = args["max_wavelength"] ** (-2.0 * i / size)
            angle = (t + args["start"]) / args["scaling"] * frequency
            x1, x2 = x[:, t, :, i], x[:, t, :, half + i]
            y[:, t, :, i] = x1 * np.cos(angle) - x2 * np.sin(angle)
            y[:, t, :, half + i] = x2 * np.cos(angle) + x1 * np.sin(angle)
    return {"outputs": y, "mask": inputs["x_mask"]}
