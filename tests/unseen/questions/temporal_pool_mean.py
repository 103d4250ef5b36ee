"""What was asked for as `temporal_pool_mean`."""

import numpy as np

ARGS = {"mode": "mean"}
INPUTS = {"x": ((3, 4, 2), "float32")}
MASKS = {"x": np.array([[1, 1, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]], bool)}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x, mask, y = inputs["x"], inputs["x_mask"], np.zeros((3, 2))
    for n, f in np.ndindex(*y.shape):
        kept = [x[n, t, f] for t in range(4) if mask[n, t]]
        y[n, f] = sum(kept) / len(kept) if kept else 0
    return {"outputs": y, "mask": None}
