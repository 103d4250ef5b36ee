"""What was asked for as `radial_basis`."""

import numpy as np

ARGS = {"units": 4}
INPUTS = {"x": ((3, 2), "float32")}
WEIGHTS = {"widths": (0.5, 1.5)}


def reference(inputs, weights, args, training):
    x, y = inputs["x"], np.zeros((3, 4))
    centers, widths = weights["centers"], weights["widths"]
    for n, u in np.ndindex(*y.shape):
        parts = [((x[n, i] - centers[u, i]) / widths[u, i]) ** 2 for i in range(2)]
        y[n, u] = np.exp(-sum(parts))
    return y
