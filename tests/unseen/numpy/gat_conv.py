"""What `gat_conv` computes."""

import numpy as np


def adjacency(rng):
    return (rng.random((2, 5, 5)) < 0.5).astype("float32")


ARGS = {"units": 3, "heads": 2, "concat": False, "activation": "elu"}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1), "adjacency": adjacency}
OPEN = {"x": [1], "adjacency": [1, 2]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    batch, nodes, _ = x.shape
    seen = (inputs["adjacency"] > 0.5) | np.eye(nodes, dtype=bool)
    outputs = []
    for h in range(args.get("heads", 1)):
        hidden = x @ weights["kernel"][:, h]
        own = hidden @ weights["attention_self"][h]
        other = hidden @ weights["attention_neighbour"][h]
        e = own[:, :, None] + other[:, None, :]
        e = np.where(e > 0, e, 0.2 * e)
        e = np.where(seen, e, -1e9)
        alpha = np.exp(e - e.max(axis=-1, keepdims=True))
        alpha = alpha / alpha.sum(axis=-1, keepdims=True)
        outputs.append(alpha @ hidden)
    if args.get("concat", True):
        y = np.concatenate(outputs, axis=-1)
    else:
        y = np.mean(outputs, axis=0)
    y = y + weights["bias"]
    if args.get("activation") == "elu":
        y = np.where(y > 0, y, np.expm1(np.minimum(y, 0)))
    return y
