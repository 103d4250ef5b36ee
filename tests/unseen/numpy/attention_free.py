"""What `attention_free` computes."""

import numpy as np

ARGS = {"max_length": 8, "causal": False}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1)}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    q, k, v = (
        x @ weights[name + "/kernel"] + weights[name + "/bias"]
        for name in ("query", "key", "value")
    )
    y = np.zeros(x.shape)
    for i in range(x.shape[1]):
        above, below = 0.0, 0.0
        for j in range(x.shape[1]):
            if args["causal"] and j > i:
                continue
            e = np.exp(k[:, j] + weights["position"][i, j])
            above = above + e * v[:, j]
            below = below + e
        y[:, i] = above / below / (1 + np.exp(-q[:, i]))
    return y
