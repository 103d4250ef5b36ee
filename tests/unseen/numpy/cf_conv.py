"""What `cf_conv` computes."""

import numpy as np

ARGS = {"filters": 3, "bins": 5, "cutoff": 2.0, "gamma": 4.0}
INPUTS = {
    "x": ((2, 5, 4), "float32", -1, 1),
    "distances": ((2, 5, 5), "float32", 0, 2.5),
}
OPEN = {"x": [1], "distances": [1, 2]}


def shifted_softplus(z):
    return np.log1p(np.exp(z)) - np.log(2)


def dense(z, weights, name):
    return z @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]


def reference(inputs, weights, args, training):
    x, distances = inputs["x"], inputs["distances"]
    cutoff, bins = args["cutoff"], args["bins"]
    h = x @ weights["enter/kernel"]
    total = np.zeros_like(h)
    for b, i, j in np.ndindex(distances.shape):
        d = distances[b, i, j]
        if i == j or d >= cutoff:
            continue
        centers = np.array([k * cutoff / (bins - 1) for k in range(bins)])
        rbf = np.exp(-args["gamma"] * (d - centers) ** 2)
        made = shifted_softplus(dense(rbf, weights, "filter_hidden"))
        made = shifted_softplus(dense(made, weights, "filter_out"))
        total[b, i] += h[b, j] * made * (np.cos(np.pi * d / cutoff) + 1) / 2
    return dense(total, weights, "leave")
