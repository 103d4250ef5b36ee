"""What `capsule_routing` computes."""

import numpy as np

ARGS = {"capsules": 3, "size": 4, "iterations": 3}
INPUTS = {"x": ((2, 5, 2), "float32", -1, 1)}


def softmax(b):
    e = np.exp(b - b.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def squash(s):
    square = np.sum(s**2, axis=-1, keepdims=True)
    return square / (1 + square) * s / np.sqrt(square + 1e-7)


def squash_back(s, upstream):
    square = np.sum(s**2, axis=-1, keepdims=True)
    part = 1 / ((1 + square) * np.sqrt(square + 1e-7))
    slope = part - square * part * (1 / (1 + square) + 0.5 / (square + 1e-7))
    along = np.sum(s * upstream, axis=-1, keepdims=True)
    return square * part * upstream + 2 * slope * along * s


def route(p, agree, iterations):
    b = np.zeros(p.shape[:3])
    steps = []
    for t in range(iterations):
        c = softmax(b)
        s = np.einsum("nij,nijd->njd", c, p)
        v = squash(s)
        steps.append((c, s))
        if t < iterations - 1:
            b = b + np.einsum("nijd,njd->nij", agree, v)
    return v, steps


def predict(x, kernel):
    return np.einsum("nif,ijfd->nijd", np.asarray(x, "float64"), kernel)


def reference(inputs, weights, args, training):
    p = predict(inputs["x"], weights["kernel"])
    return route(p, p, args["iterations"])[0]


def gradients(inputs, weights, args, upstream):
    # `p` is a constant where it meets `v`; `v` is not.
    p = predict(inputs["x"], weights["kernel"])
    steps = route(p, p, args["iterations"])[1]
    to_p, to_b = np.zeros_like(p), np.zeros(p.shape[:3])
    to_v = np.asarray(upstream, "float64")
    for t in reversed(range(args["iterations"])):
        c, s = steps[t]
        if t < args["iterations"] - 1:
            to_v = np.einsum("nij,nijd->njd", to_b, p)
        to_s = squash_back(s, to_v)
        to_p += c[..., None] * to_s[:, None]
        to_c = np.einsum("nijd,njd->nij", p, to_s)
        to_b = to_b + c * (to_c - np.sum(c * to_c, axis=-1, keepdims=True))
    return {
        "x": np.einsum("nijd,ijfd->nif", to_p, weights["kernel"]),
        "kernel": np.einsum("nif,nijd->ijfd", inputs["x"], to_p),
    }
