"""What `cheb_conv` computes."""

import numpy as np

ARGS = {"units": 3, "order": 4, "use_bias": True, "activation": "relu"}
INPUTS = {
    "x": ((2, 5, 4), "float32", -1, 1),
    "laplacian": ((2, 5, 5), "float32", -0.5, 0.5),
}
OPEN = {"x": [1], "laplacian": [1, 2]}


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    laplacian = np.asarray(inputs["laplacian"], "float64")
    kernel = weights["kernel"]
    terms = [x, laplacian @ x]
    while len(terms) < args["order"]:
        terms.append(2 * laplacian @ terms[-1] - terms[-2])
    y = sum(terms[k] @ kernel[k] for k in range(args["order"]))
    if args["use_bias"]:
        y = y + weights["bias"]
    return np.maximum(y, 0) if args["activation"] == "relu" else y
