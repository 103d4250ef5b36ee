"""What `word_attention_pool` computes."""

import numpy as np


def mask(rng):
    steps = rng.random((3, 5)) < 0.6
    steps[:, 0] = True
    return steps


ARGS = {"units": 4, "return_weights": True}
INPUTS = {"x": ((3, 5, 4), "float32", -1, 1)}
MASKS = {"x": mask}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    u = np.tanh(x @ weights["project/kernel"] + weights["project/bias"])
    s = (u * weights["context"]).sum(axis=-1)
    present = inputs.get("x_mask")
    if present is not None:
        s = np.where(present, s, -1e9)
    a = np.exp(s - s.max(axis=1, keepdims=True))
    a = a / a.sum(axis=1, keepdims=True)
    y = (a[..., None] * x).sum(axis=1)
    outputs = (y, a) if args.get("return_weights", False) else y
    return {"outputs": outputs, "mask": None}
