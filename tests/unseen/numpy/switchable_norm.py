"""What `switchable_norm` computes."""

import numpy as np

ARGS = {}
INPUTS = {"x": ((3, 4, 5, 2), "float32", -1, 1)}
WEIGHTS = {"moving_var": (0.5, 1.5)}
TRAINING = True


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    momentum, epsilon = args.get("momentum", 0.9), args.get("epsilon", 1e-5)
    mi, vi = x.mean(axis=(1, 2)), x.var(axis=(1, 2))
    ml = mi.mean(axis=1, keepdims=True)
    vl = (vi + mi**2).mean(axis=1, keepdims=True) - ml**2
    mb, vb = weights["moving_mean"], weights["moving_var"]
    moved = {"moving_mean": mb, "moving_var": vb}
    if training:
        mb = mi.mean(axis=0)
        vb = (vi + mi**2).mean(axis=0) - mb**2
        moved = {
            "moving_mean": momentum * moved["moving_mean"] + (1 - momentum) * mb,
            "moving_var": momentum * moved["moving_var"] + (1 - momentum) * vb,
        }
    w, v = softmax(weights["mean_weight"]), softmax(weights["var_weight"])
    m = (w[0] * mi + w[1] * ml + w[2] * mb)[:, None, None, :]
    s = (v[0] * vi + v[1] * vl + v[2] * vb)[:, None, None, :]
    y = weights["gamma"] * (x - m) / np.sqrt(s + epsilon) + weights["beta"]
    return {"outputs": y, "states": moved}
