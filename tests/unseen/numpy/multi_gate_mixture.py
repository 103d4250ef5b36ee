"""What `multi_gate_mixture` computes."""

import numpy as np

ARGS = {"units": 4, "experts": 3}
INPUTS = {"x": ((5, 6), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    outputs = []
    for task in ("first", "second"):
        scores = x @ weights[f"{task}_gate"]
        gate = np.exp(scores - scores.max(axis=-1, keepdims=True))
        gate = gate / gate.sum(axis=-1, keepdims=True)
        y = 0
        for e in range(args["experts"]):
            made = x @ weights["kernel"][e] + weights["bias"][e]
            y = y + gate[:, e, None] * np.maximum(made, 0)
        outputs.append(y)
    return tuple(outputs)
