"""What `bilinear_interaction` computes."""

import numpy as np

ARGS = {"kind": "each"}
INPUTS = {"x": ((3, 4, 5), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    x, kernel = inputs["x"], weights["kernel"]
    kind = args.get("kind", "interaction")
    fields = x.shape[1]
    products = []
    for i in range(fields):
        for j in range(i + 1, fields):
            if kind == "all":
                matrix = kernel
            elif kind == "each":
                matrix = kernel[i]
            else:
                matrix = kernel[len(products)]
            products.append((x[:, i] @ matrix) * x[:, j])
    return np.stack(products, axis=1)
