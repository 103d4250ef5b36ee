"""What `dora_dense` computes."""

import numpy as np

ARGS = {"units": 4, "rank": 2, "alpha": 4.0}
INPUTS = {"x": ((3, 5, 6), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    kernel = np.asarray(weights["kernel"], "float64")
    scale = args["alpha"] / args["rank"]
    v = kernel + scale * (weights["lora_a"] @ weights["lora_b"])
    n = np.sqrt(np.sum(v**2, axis=0) + args.get("epsilon", 1e-6))
    return inputs["x"] @ (weights["magnitude"] * v / n) + weights["bias"]
