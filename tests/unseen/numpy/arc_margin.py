"""What `arc_margin` computes."""

import numpy as np

# The first sample points away from its class, by an angle near pi.
AWAY = np.array([0.8, -0.6, 0.4, 0.7, -0.5, 0.3])


def vectors(rng):
    x = rng.uniform(-1, 1, (5, 6))
    x[0] = -AWAY + rng.uniform(-0.05, 0.05, 6)
    return x.astype("float32")


def classes(rng):
    labels = rng.integers(0, 4, 5)
    labels[0] = 0
    return labels.astype("int32")


def kernel(rng, shape):
    values = rng.uniform(-1, 1, shape)
    values[:, 0] = AWAY + rng.uniform(-0.05, 0.05, shape[0])
    return values


ARGS = {"classes": 4, "margin": 0.4, "scale": 8.0}
INPUTS = {"x": vectors, "labels": classes}
WEIGHTS = {"kernel": kernel}
TRAINING = True


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    w = np.asarray(weights["kernel"], "float64")
    x = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    w = w / np.maximum(np.linalg.norm(w, axis=0, keepdims=True), 1e-12)
    cosine = np.clip(x @ w, -1 + 1e-7, 1 - 1e-7)
    if training:
        margin = args["margin"]
        for b, label in enumerate(inputs["labels"]):
            t = np.arccos(cosine[b, label])
            if t + margin <= np.pi:
                cosine[b, label] = np.cos(t + margin)
            else:
                cosine[b, label] = np.cos(t) - margin * np.sin(margin)
    return args["scale"] * cosine
