"""What `seed_attention_pool` computes."""

import numpy as np

ARGS = {"seeds": 3, "heads": 2}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1)}
OPEN = {"x": [1]}


def some_mask(rng):
    mask = rng.random((2, 5)) < 0.6
    mask[:, 0] = True
    return mask


MASKS = {"x": some_mask}


def norm(x, gamma, beta):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-3) * gamma + beta


def reference(inputs, weights, args, training):
    x, mask = inputs["x"], inputs["x_mask"]
    batch, features = x.shape[0], x.shape[2]
    heads = args["heads"]
    key_dim = features // heads
    seed = weights["seed"]
    z = np.maximum(x @ weights["embed/kernel"] + weights["embed/bias"], 0)
    y = np.zeros((batch, args["seeds"], features))
    for n in range(batch):
        attended = np.zeros((args["seeds"], features))
        for k in range(heads):

            def project(name, value):
                kernel = weights[f"attention/{name}/kernel"][:, k]
                return value @ kernel + weights[f"attention/{name}/bias"][k]

            query = project("query", seed)
            key = project("key", z[n])
            value = project("value", z[n])
            scores = query @ key.T / np.sqrt(key_dim)
            e = np.exp(scores - scores.max(axis=1, keepdims=True))
            e = e * mask[n]
            shares = e / e.sum(axis=1, keepdims=True)
            out = weights["attention/attention_output/kernel"][k]
            attended += shares @ value @ out
        attended += weights["attention/attention_output/bias"]
        h = norm(seed + attended, weights["norm1/gamma"], weights["norm1/beta"])
        fed = h @ weights["feed/kernel"] + weights["feed/bias"]
        y[n] = norm(
            h + np.maximum(fed, 0),
            weights["norm2/gamma"],
            weights["norm2/beta"],
        )
    return {"outputs": y, "mask": None}


PATHS = {"seed_vectors": "seed"}
