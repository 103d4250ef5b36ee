"""What `quasi_recurrent` computes."""

import numpy as np

ARGS = {"units": 3, "kernel_size": 2, "return_sequences": True}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 5)) < 0.7}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def causal(x, kernel, bias):
    size = kernel.shape[0]
    y = np.zeros(x.shape[:2] + (kernel.shape[2],)) + bias
    for t in range(x.shape[1]):
        for p in range(size):
            source = t - (size - 1 - p)
            if source >= 0:
                y[:, t] += x[:, source] @ kernel[p]
    return y


def reference(inputs, weights, args, training):
    x, mask = inputs["x"], inputs["x_mask"]
    z, f, o = (
        causal(x, weights[name + "/kernel"], weights[name + "/bias"])
        for name in ("candidate", "forget", "expose")
    )
    z, f, o = np.tanh(z), sigmoid(f), sigmoid(o)
    c = np.zeros((x.shape[0], args["units"]))
    y = np.zeros(z.shape)
    for t in range(x.shape[1]):
        new = f[:, t] * c + (1 - f[:, t]) * z[:, t]
        c = np.where(mask[:, t, None], new, c)
        y[:, t] = o[:, t] * c
    return {"outputs": y, "mask": mask}
