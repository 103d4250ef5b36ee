"""What `evo_norm` computes."""

import numpy as np

ARGS = {"groups": 2, "epsilon": 1e-3}
INPUTS = {"x": ((3, 4, 5, 6), "float32", -1, 1)}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    groups = args.get("groups", 32)
    size = x.shape[-1] // groups
    spread = np.zeros((len(x), 1, 1, x.shape[-1]))
    for b in range(len(x)):
        for g in range(groups):
            part = x[b, :, :, g * size : (g + 1) * size]
            spread[b, ..., g * size : (g + 1) * size] = part.var()
    gate = 1 / (1 + np.exp(-x * weights["v"]))
    y = x * gate / np.sqrt(spread + args.get("epsilon", 1e-5))
    return y * weights["gamma"] + weights["beta"]
