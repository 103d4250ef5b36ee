"""What `diff_pool` computes."""

import numpy as np


def symmetric(rng):
    upper = np.triu(rng.random((2, 6, 6)) < 0.4, 1)
    return (upper | upper.transpose(0, 2, 1)).astype("float32")


ARGS = {"clusters": 3, "units": 4, "activation": "relu"}
INPUTS = {"x": ((2, 6, 5), "float32", -1, 1), "adjacency": symmetric}


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    adjacency = np.asarray(inputs["adjacency"], "float64")
    pooled, edges, links, entropies = [], [], [], []
    for a, features in zip(adjacency, x):
        loops = a + np.eye(len(a))
        root = 1 / np.sqrt(loops.sum(axis=1))
        n = root[:, None] * loops * root[None, :]
        z = n @ features @ weights["embed_kernel"]
        if args["activation"] == "relu":
            z = np.maximum(z, 0)
        s = softmax(n @ features @ weights["assign_kernel"])
        pooled.append(s.T @ z)
        edges.append(s.T @ a @ s)
        links.append(np.sqrt(np.sum((a - s @ s.T) ** 2)))
        entropies.append(np.mean(-np.sum(s * np.log(s + 1e-8), axis=-1)))
    return {
        "outputs": (np.stack(pooled), np.stack(edges)),
        "losses": np.mean(links) + np.mean(entropies),
    }
