"""What `sparsemax` computes."""

import numpy as np

ARGS = {"axis": 1}
INPUTS = {"x": ((3, 5, 4), "float32", -1, 1)}


def project(z):
    ordered = np.sort(z)[::-1]
    k, total = 0, 0.0
    for j in range(1, len(z) + 1):
        if 1 + j * ordered[j - 1] > ordered[:j].sum():
            k, total = j, ordered[:j].sum()
    return np.maximum(z - (total - 1) / k, 0)


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    return np.apply_along_axis(project, args["axis"], x)
