"""What `block_diagonal_dense` computes."""

import numpy as np

ARGS = {"units": 6, "blocks": 2, "mix": True}
INPUTS = {"x": ((3, 4, 8), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    blocks = args["blocks"]
    size, out = x.shape[-1] // blocks, args["units"] // blocks
    y = np.zeros(x.shape[:-1] + (args["units"],))
    for k in range(blocks):
        z = (
            x[..., k * size : (k + 1) * size] @ weights["kernel"][k]
            + weights["bias"][k]
        )
        for o in range(out):
            y[..., o * blocks + k if args["mix"] else k * out + o] = z[..., o]
    return y
