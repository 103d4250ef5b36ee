"""What `wavenet_block` computes."""

import numpy as np

ARGS = {"filters": 4, "skip": 3, "kernel_size": 2, "dilation": 2}
INPUTS = {"x": ((2, 7, 5), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 7)) < 0.7}
OPEN = {"x": [1]}


def causal(x, kernel, bias, dilation):
    size = kernel.shape[0]
    y = np.zeros(x.shape[:2] + (kernel.shape[2],)) + bias
    for t in range(x.shape[1]):
        for p in range(size):
            source = t - (size - 1 - p) * dilation
            if source >= 0:
                y[:, t] += x[:, source] @ kernel[p]
    return y


def reference(inputs, weights, args, training):
    x, mask = inputs["x"], inputs["x_mask"]

    def conv(name, value, dilation=1):
        kernel, bias = weights[name + "/kernel"], weights[name + "/bias"]
        return causal(value, kernel, bias, dilation)

    f = conv("filter_conv", x, args["dilation"])
    g = conv("gate_conv", x, args["dilation"])
    z = np.tanh(f) / (1 + np.exp(-g))
    return {
        "outputs": (x + conv("res", z), conv("skip_conv", z)),
        "mask": (mask, mask),
    }
