"""What `center_loss` computes."""

import numpy as np

ARGS = {"classes": 4, "alpha": 0.3, "weight": 0.7}
INPUTS = {
    "features": ((6, 3), "float32", -1, 1),
    "labels": ((6,), "int32", 0, 4),
}
TRAINING = True


def reference(inputs, weights, args, training):
    x, labels = inputs["features"], np.asarray(inputs["labels"]).astype(int)
    centers = np.array(weights["centers"], "float64")
    loss = 0.0
    for n in range(len(x)):
        loss += np.sum((x[n] - centers[labels[n]]) ** 2) / len(x)
    result = {"outputs": x, "losses": args["weight"] / 2 * loss}
    if training:
        new = centers.copy()
        for j in range(args["classes"]):
            total, count = np.zeros(x.shape[1]), 0
            for n in range(len(x)):
                if labels[n] == j:
                    total += centers[j] - x[n]
                    count += 1
            new[j] = centers[j] - args["alpha"] * total / (1 + count)
        result["states"] = {"centers": new}
    return result
