"""What `multi_query_attention` computes."""

import numpy as np


def present(rng):
    mask = rng.random((2, 6)) < 0.7
    mask[:, 0], mask[0, 3] = True, False
    return mask


ARGS = {"heads": 4, "groups": 2, "size": 3}
INPUTS = {
    "target": ((2, 4, 5), "float32", -1, 1),
    "source": ((2, 6, 3), "float32", -1, 1),
}
MASKS = {"source": present}
OPEN = {"target": [1], "source": [1]}


def reference(inputs, weights, args, training):
    target = np.asarray(inputs["target"], "float64")
    source = np.asarray(inputs["source"], "float64")
    heads, groups, size = args["heads"], args["groups"], args["size"]
    y = np.zeros_like(target) + weights["output_bias"]
    for h in range(heads):
        g = h * groups // heads
        q = target @ weights["query_kernel"][:, h]
        k = source @ weights["key_kernel"][:, g]
        v = source @ weights["value_kernel"][:, g]
        logits = q @ k.transpose(0, 2, 1) / np.sqrt(size)
        logits = np.where(inputs["source_mask"][:, None, :], logits, -1e9)
        a = np.exp(logits - logits.max(axis=-1, keepdims=True))
        a = a / a.sum(axis=-1, keepdims=True)
        y = y + a @ v @ weights["output_kernel"][h]
    return {"outputs": y, "mask": None}
