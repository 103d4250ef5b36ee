"""What `appnp_conv` computes."""

import numpy as np

ARGS = {"units": 3, "mlp": [5, 4], "alpha": 0.3, "steps": 3}
INPUTS = {
    "x": ((2, 4, 6), "float32", -1, 1),
    "adjacency": ((2, 4, 4), "float32", 0, 0.5),
}


def reference(inputs, weights, args, training):
    z = np.asarray(inputs["x"], "float64")
    a = np.asarray(inputs["adjacency"], "float64")
    for i in range(len(args["mlp"])):
        z = z @ weights[f"hidden_{i}/kernel"] + weights[f"hidden_{i}/bias"]
        z = np.maximum(z, 0)
    start = z @ weights["out/kernel"] + weights["out/bias"]
    z = start
    for _ in range(args["steps"]):
        z = (1 - args["alpha"]) * (a @ z) + args["alpha"] * start
    return z
