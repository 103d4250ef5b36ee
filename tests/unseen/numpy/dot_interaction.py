"""What `dot_interaction` computes."""

import numpy as np

ARGS = {"self_interaction": True, "keep_shape": False}
INPUTS = {"features": [((4, 5), "float32", -1, 1)] * 3}


def reference(inputs, weights, args, training):
    features = inputs["features"]
    n = len(features)
    columns = []
    for i in range(n):
        for j in range(n):
            kept = i > j or (i == j and args.get("self_interaction", False))
            if kept:
                columns.append((features[i] * features[j]).sum(axis=-1))
            elif args.get("keep_shape", False):
                columns.append(np.zeros(len(features[i])))
    return np.stack(columns, axis=1)
