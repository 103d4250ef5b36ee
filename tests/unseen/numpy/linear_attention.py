"""What `linear_attention` computes."""

import numpy as np

ARGS = {"heads": 2, "size": 3, "causal": True}
INPUTS = {"x": ((2, 5, 4), "float32", -1, 1)}
MASKS = {"x": lambda rng: rng.random((2, 5)) < 0.7}
OPEN = {"x": [1]}


def phi(a):
    return np.where(a > 0, a + 1, np.exp(np.minimum(a, 0)))


def reference(inputs, weights, args, training):
    x = inputs["x"]
    batch, time, _ = x.shape
    heads, size = args.get("heads", 2), args["size"]
    shape = (batch, time, heads, size)
    q = phi(x @ weights["query/kernel"]).reshape(shape)
    k = phi(x @ weights["key/kernel"]).reshape(shape)
    v = (x @ weights["value/kernel"]).reshape(shape)
    present = inputs.get("x_mask")
    if present is not None:
        k = k * present[:, :, None, None]
    y = np.zeros(shape)
    for n in range(batch):
        for h in range(heads):
            for i in range(time):
                last = i + 1 if args.get("causal", False) else time
                s = np.zeros((size, size))
                z = np.zeros(size)
                for j in range(last):
                    s += np.outer(k[n, j, h], v[n, j, h])
                    z += k[n, j, h]
                y[n, i, h] = q[n, i, h] @ s / max(q[n, i, h] @ z, 1e-6)
    y = y.reshape(batch, time, heads * size)
    y = y @ weights["output_layer/kernel"] + weights["output_layer/bias"]
    return {"outputs": y, "mask": present}
