"""What `switch_router` computes."""

import numpy as np


# Each token has one large feature among the first three, and the router looks at
# those, so that the choice of an expert is clear.
def tokens(rng):
    x = rng.uniform(-0.3, 0.3, (2, 6, 4))
    x[..., 3] = rng.uniform(-1, 1, (2, 6))
    chosen = rng.integers(0, 3, (2, 6))
    for b in range(2):
        for t in range(6):
            x[b, t, chosen[b, t]] = rng.uniform(0.8, 1)
    return x.astype("float32")


def router(rng, shape):
    return np.eye(*shape)[:, rng.permutation(shape[1])] + rng.uniform(
        -0.05, 0.05, shape
    )


ARGS = {"experts": 3, "hidden": 5, "balance": 0.1}
INPUTS = {"x": tokens}
WEIGHTS = {"router/kernel": router}
OPEN = {"x": [1]}
FLIPS = 0.1


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    experts = args["experts"]
    logits = x @ weights["router/kernel"]
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    chosen = np.argmax(p, axis=-1)
    y = np.zeros_like(x)
    for b in range(x.shape[0]):
        for t in range(x.shape[1]):
            e = chosen[b, t]
            inner = np.maximum(x[b, t] @ weights["up"][e], 0)
            y[b, t] = p[b, t, e] * (inner @ weights["down"][e])
    loss = 0.0
    for i in range(experts):
        loss += np.mean(chosen == i) * np.mean(p[..., i])
    return {"outputs": y, "losses": args["balance"] * experts * loss}
