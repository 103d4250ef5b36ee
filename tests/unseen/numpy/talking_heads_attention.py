"""What `talking_heads_attention` computes."""

import numpy as np


def mask(rng):
    steps = rng.random((2, 5)) < 0.6
    steps[:, 0] = True
    return steps


ARGS = {"heads": 3, "size": 2}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1)}
MASKS = {"x": mask}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    q = np.einsum("btf,fhs->bhts", x, weights["query_kernel"])
    k = np.einsum("btf,fhs->bhts", x, weights["key_kernel"])
    v = np.einsum("btf,fhs->bhts", x, weights["value_kernel"])
    logits = np.einsum("bhis,bhjs->bhij", q, k) / np.sqrt(args["size"])
    logits = np.einsum("gh,bhij->bgij", weights["pre"], logits)
    present = inputs.get("x_mask")
    if present is not None:
        logits = logits + np.where(present, 0.0, -1e9)[:, None, None, :]
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    p = np.einsum("gh,bhij->bgij", weights["post"], p)
    o = np.einsum("bgij,bgjs->bgis", p, v)
    y = np.einsum("bgis,gsf->bif", o, weights["output_kernel"])
    return {"outputs": y, "mask": present}
