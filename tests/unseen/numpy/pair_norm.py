"""What `pair_norm` computes."""

import numpy as np


def mask(rng):
    nodes = rng.random((2, 5)) < 0.7
    for row in nodes:
        row[rng.integers(1, 5)] = False
    nodes[:, 0] = True
    return nodes


ARGS = {"mode": "simple", "scale": 2.0}
INPUTS = {"x": ((2, 5, 3), "float32", -1, 1)}
MASKS = {"x": mask}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    present = inputs.get("x_mask")
    if present is None:
        counted = np.ones(x.shape[:2] + (1,))
    else:
        counted = present[..., None].astype("float64")
    n = np.maximum(counted.sum(axis=1, keepdims=True), 1)
    c = x - (x * counted).sum(axis=1, keepdims=True) / n
    if args.get("mode", "simple") == "simple":
        square = (c**2 * counted).sum(axis=(1, 2), keepdims=True) / n
    else:
        square = (c**2).sum(axis=-1, keepdims=True)
    y = args.get("scale", 1.0) * c / np.sqrt(args.get("epsilon", 1e-6) + square)
    return {"outputs": y * counted, "mask": present}
