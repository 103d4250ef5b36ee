"""What `gated_attention_unit` computes."""

import numpy as np

ARGS = {"expansion": 6, "size": 3, "causal": True}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 5)) < 0.7}
OPEN = {"x": [1]}


def swish(z):
    return z / (1 + np.exp(-z))


def reference(inputs, weights, args, training):
    x = inputs["x"]
    time = x.shape[1]

    def dense(name, z):
        return z @ weights[name + "/kernel"] + weights[name + "/bias"]

    center = x.mean(axis=-1, keepdims=True)
    variance = ((x - center) ** 2).mean(axis=-1, keepdims=True)
    n = (x - center) / np.sqrt(variance + 1e-3)
    n = n * weights["norm/gamma"] + weights["norm/beta"]
    u = swish(dense("gate", n))
    v = swish(dense("value", n))
    z = swish(dense("shared", n))
    q = z * weights["gamma"][0] + weights["beta"][0]
    k = z * weights["gamma"][1] + weights["beta"][1]
    attention = np.maximum(q @ k.transpose(0, 2, 1) / time, 0) ** 2
    present = inputs.get("x_mask")
    if present is not None:
        attention = attention * present[:, None, :]
    if args.get("causal", False):
        attention = attention * np.tril(np.ones((time, time)))
    y = x + dense("out", u * (attention @ v))
    return {"outputs": y, "mask": present}
