"""What `quotient_remainder_embedding` computes."""

import numpy as np

ARGS = {"vocabulary": 11, "dim": 4, "buckets": 3, "combine": "concat"}
INPUTS = {"ids": ((3, 5), "int32", 0, 11)}


def reference(inputs, weights, args, training):
    ids = np.asarray(inputs["ids"]).astype("int64")
    u = weights["quotient"][ids // args["buckets"]]
    v = weights["remainder"][ids % args["buckets"]]
    combine = args.get("combine", "multiply")
    if combine == "add":
        return u + v
    if combine == "multiply":
        return u * v
    return np.concatenate([u, v], axis=-1)
