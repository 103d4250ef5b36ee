"""What `set_to_set` computes."""

import numpy as np

ARGS = {"rounds": 2}
INPUTS = {"x": ((2, 5, 3), "float32", -1, 1)}
OPEN = {"x": [1]}


def some_mask(rng):
    mask = rng.random((2, 5)) < 0.6
    mask[:, 0] = True
    return mask


MASKS = {"x": some_mask}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def reference(inputs, weights, args, training):
    x, mask = inputs["x"], inputs["x_mask"]
    batch, _, features = x.shape
    star = np.zeros((batch, 2 * features))
    h = np.zeros((batch, features))
    c = np.zeros((batch, features))
    for _ in range(args["rounds"]):
        z = (
            star @ weights["cell/kernel"]
            + h @ weights["cell/recurrent_kernel"]
            + weights["cell/bias"]
        )
        i, f, new, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(new)
        h = sigmoid(o) * np.tanh(c)
        e = np.sum(x * h[:, None, :], axis=2)
        e = np.where(mask, e, -1e9)
        a = np.exp(e - e.max(axis=1, keepdims=True))
        a = a / a.sum(axis=1, keepdims=True)
        r = np.sum(a[:, :, None] * x, axis=1)
        star = np.concatenate([h, r], axis=1)
    return {"outputs": star, "mask": None}
