"""What `gin_conv` computes."""

import numpy as np


def edges(rng):
    a = rng.random((2, 5, 5)) < 0.5
    a[0, 2] = False
    return a.astype("float32")


ARGS = {"units": 3, "hidden": 5, "aggregate": "max"}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1), "adjacency": edges}
OPEN = {"x": [1], "adjacency": [1, 2]}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    a = np.asarray(inputs["adjacency"], "float64")
    n = np.zeros_like(x)
    for b in range(x.shape[0]):
        for i in range(x.shape[1]):
            if args["aggregate"] == "max":
                near = x[b][a[b, i] > 0]
                if len(near):
                    n[b, i] = near.max(axis=0)
            else:
                n[b, i] = a[b, i] @ x[b]
                if args["aggregate"] == "mean":
                    n[b, i] /= max(a[b, i].sum(), 1)
    z = (1 + weights["eps"]) * x + n
    z = np.maximum(z @ weights["first/kernel"] + weights["first/bias"], 0)
    return z @ weights["second/kernel"] + weights["second/bias"]
