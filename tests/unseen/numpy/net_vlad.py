"""What `net_vlad` computes."""

import numpy as np

ARGS = {"clusters": 3}
INPUTS = {"x": ((2, 6, 4), "float32", -1, 1)}
OPEN = {"x": [1]}


def unit(z, axis):
    return z / np.sqrt(np.maximum((z**2).sum(axis=axis, keepdims=True), 1e-12))


def reference(inputs, weights, args, training):
    x = inputs["x"]
    outputs = []
    for places in x:
        scores = places @ weights["kernel"] + weights["bias"]
        a = np.exp(scores - scores.max(axis=-1, keepdims=True))
        a = a / a.sum(axis=-1, keepdims=True)
        rows = []
        for k in range(args["clusters"]):
            residuals = places - weights["centers"][k]
            rows.append((a[:, k, None] * residuals).sum(axis=0))
        outputs.append(unit(unit(np.array(rows), 1).reshape(-1), 0))
    return np.array(outputs)
