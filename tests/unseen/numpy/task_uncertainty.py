"""What `task_uncertainty` computes."""

import numpy as np

ARGS = {}
INPUTS = {
    "depth": ((5,), "float32", 0, 2),
    "labels": ((5,), "float32", 0, 1),
    "edges": ((5,), "float32", 0, 3),
}


def reference(inputs, weights, args, training):
    total = 0
    for name, s in zip(
        ("depth", "labels", "edges"), weights["log_variances"], strict=True
    ):
        total = total + 0.5 * np.exp(-s) * inputs[name] + 0.5 * s
    return {"outputs": total, "losses": total.mean()}
