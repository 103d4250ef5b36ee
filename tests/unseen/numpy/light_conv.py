"""What `light_conv` computes."""

import numpy as np

ARGS = {"heads": 2, "kernel_size": 4, "causal": True}
INPUTS = {"x": ((2, 6, 4), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 6)) < 0.7}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x, mask = inputs["x"], inputs["x_mask"]
    time, features = x.shape[1:]
    size = args["kernel_size"]
    e = np.exp(weights["kernel"])
    kernel = e / e.sum(axis=1, keepdims=True)
    z = x @ weights["inner/kernel"] + weights["inner/bias"]
    u = z[..., :features] / (1 + np.exp(-z[..., features:]))
    u = np.where(mask[..., None], u, 0.0)
    left = size - 1 if args["causal"] else (size - 1) // 2
    v = np.zeros(u.shape)
    for t in range(time):
        for c in range(features):
            head = c // (features // args["heads"])
            for p in range(size):
                if 0 <= t + p - left < time:
                    v[:, t, c] += kernel[head, p] * u[:, t + p - left, c]
    y = v @ weights["outer/kernel"] + weights["outer/bias"]
    return {"outputs": y, "mask": mask}
