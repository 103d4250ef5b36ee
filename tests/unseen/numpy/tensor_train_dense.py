"""What `tensor_train_dense` computes."""

import numpy as np

ARGS = {
    "input_factors": [2, 3],
    "output_factors": [3, 2],
    "rank": 2,
    "activation": "relu",
}
INPUTS = {"x": ((4, 6), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    a, b = args["input_factors"]
    p, q = args["output_factors"]
    kernel = np.zeros((a * b, p * q))
    for i in range(a):
        for j in range(b):
            for k in range(p):
                for m in range(q):
                    for r in range(args["rank"]):
                        kernel[i * b + j, k * q + m] += (
                            weights["core1"][i, k, r] * weights["core2"][r, j, m]
                        )
    return np.maximum(inputs["x"] @ kernel + weights["bias"], 0)
