"""What `embedding_bag` computes."""

import numpy as np


def bags(rng):
    ids = rng.integers(-1, 7, (4, 5))
    ids[0] = -1
    ids[1] = rng.integers(0, 7, 5)
    ids[2, 1] = -1
    return ids.astype("int32")


ARGS = {"vocabulary": 7, "dim": 4, "combiner": "mean"}
INPUTS = {"ids": bags, "importance": ((4, 5), "float32", -1, 1)}
OPEN = {"ids": [1], "importance": [1]}


def reference(inputs, weights, args, training):
    table = np.asarray(weights["table"], "float64")
    rows = []
    for ids, importance in zip(inputs["ids"], inputs["importance"]):
        kept = [table[i] * w for i, w in zip(ids, importance) if i != -1]
        if not kept:
            rows.append(np.zeros(args["dim"]))
        elif args["combiner"] == "max":
            rows.append(np.max(kept, axis=0))
        elif args["combiner"] == "mean":
            rows.append(np.sum(kept, axis=0) / len(kept))
        else:
            rows.append(np.sum(kept, axis=0))
    return np.stack(rows)
