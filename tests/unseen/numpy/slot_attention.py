"""What `slot_attention` computes."""

import numpy as np

ARGS = {"slots": 3, "size": 4, "rounds": 2, "hidden": 5}
INPUTS = {"x": ((2, 5, 3), "float32", -1, 1)}
OPEN = {"x": [1]}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def normalize(x, weights, name):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    x = (x - mean) / np.sqrt(variance + 1e-3)
    return x * weights[name + "/gamma"] + weights[name + "/beta"]


def gru(x, h, weights, size):
    inner = x @ weights["cell/kernel"] + weights["cell/bias"][0]
    old = h @ weights["cell/recurrent_kernel"] + weights["cell/bias"][1]
    z = sigmoid(inner[:, :size] + old[:, :size])
    r = sigmoid(inner[:, size : 2 * size] + old[:, size : 2 * size])
    new = np.tanh(inner[:, 2 * size :] + r * old[:, 2 * size :])
    return z * h + (1 - z) * new


def reference(inputs, weights, args, training):
    size = args["size"]
    samples = []
    for x in np.asarray(inputs["x"], "float64"):
        n = normalize(x, weights, "norm_inputs")
        k, v = n @ weights["key/kernel"], n @ weights["value/kernel"]
        slots = np.asarray(weights["initial"], "float64")
        for _ in range(args["rounds"]):
            q = normalize(slots, weights, "norm_slots") @ weights["query/kernel"]
            logits = k @ q.T / np.sqrt(size)
            a = np.exp(logits - logits.max(axis=1, keepdims=True))
            a = a / a.sum(axis=1, keepdims=True) + args.get("epsilon", 1e-8)
            a = a / a.sum(axis=0, keepdims=True)
            slots = gru(a.T @ v, slots, weights, size)
            m = normalize(slots, weights, "norm_mlp")
            m = np.maximum(m @ weights["first/kernel"] + weights["first/bias"], 0)
            slots = slots + m @ weights["second/kernel"] + weights["second/bias"]
        samples.append(slots)
    return np.stack(samples)
