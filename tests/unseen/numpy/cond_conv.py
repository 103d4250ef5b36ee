"""What `cond_conv` computes."""

import numpy as np

ARGS = {"filters": 4, "kernel_size": 3, "experts": 3, "strides": 2}
INPUTS = {"x": ((3, 6, 7, 2), "float32", -1, 1)}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    x, size, strides = inputs["x"], args["kernel_size"], args["strides"]
    batch, height, width, _ = x.shape
    rows, columns = -(-height // strides), -(-width // strides)
    down = max((rows - 1) * strides + size - height, 0)
    right = max((columns - 1) * strides + size - width, 0)
    padding = [(down // 2, down - down // 2), (right // 2, right - right // 2)]
    padded = np.pad(x, [(0, 0), *padding, (0, 0)])
    y = np.zeros((batch, rows, columns, args["filters"]))
    for b in range(batch):
        told = x[b].mean(axis=(0, 1)) @ weights["route_kernel"]
        routes = 1 / (1 + np.exp(-told - weights["route_bias"]))
        kernel = sum(r * k for r, k in zip(routes, weights["kernels"], strict=True))
        bias = routes @ weights["biases"]
        for i, j in np.ndindex(rows, columns):
            top, left = i * strides, j * strides
            window = padded[b, top : top + size, left : left + size]
            y[b, i, j] = np.einsum("ijc,ijcf->f", window, kernel) + bias
    return y
