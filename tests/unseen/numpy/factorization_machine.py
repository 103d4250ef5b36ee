"""What `factorization_machine` computes."""

import numpy as np

ARGS = {"factors": 3}
INPUTS = {"x": ((5, 6), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    x, factor = inputs["x"], weights["factor"]
    y = np.zeros((len(x), 1))
    for n in range(len(x)):
        y[n, 0] = weights["offset"] + np.sum(weights["linear"] * x[n])
        for k in range(args["factors"]):
            products = factor[:, k] * x[n]
            y[n, 0] += 0.5 * (np.sum(products) ** 2 - np.sum(products**2))
    return y
