"""What was asked for as `center_loss`."""

import numpy as np

ARGS = {"rate": 0.25, "weight": 2.0}
LABELS = np.eye(3)[[0, 2, 2, 0, 2]]
INPUTS = {"features": ((5, 2), "float32"), "labels": LABELS}
TRAINING = True


def reference(inputs, weights, args, training):
    features, centers = inputs["features"], weights["centers"]
    classes = inputs["labels"].argmax(axis=-1)
    loss = ((features - centers[classes]) ** 2).sum()
    after = centers.copy()
    for c in range(3) if training else ():
        mine = features[classes == c]
        after[c] -= 0.25 * sum(centers[c] - x for x in mine) / (1 + len(mine))
    return {
        "outputs": features,
        "losses": 2.0 * 0.5 * loss / 5,
        "states": {"centers": after},
    }
