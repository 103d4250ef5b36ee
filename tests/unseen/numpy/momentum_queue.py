"""What `momentum_queue` computes."""

import numpy as np

ARGS = {"size": 8, "temperature": 0.5}
INPUTS = {
    "query": ((3, 4), "float32", -1, 1),
    "key": ((3, 4), "float32", -1, 1),
}
WEIGHTS = {"pointer": lambda rng, shape: np.full(shape, 6, "int32")}
TRAINING = True


def unit(x):
    norm = np.sqrt((x**2).sum(axis=-1, keepdims=True))
    return x / np.maximum(norm, 1e-12)


def reference(inputs, weights, args, training):
    q, k = unit(inputs["query"]), unit(inputs["key"])
    queue, size = weights["queue"], args["size"]
    same = (q * k).sum(axis=-1, keepdims=True)
    logits = np.concatenate([same, q @ queue.T], axis=1)
    result = {"outputs": logits / args.get("temperature", 0.07)}
    if training:
        queue = np.array(queue)
        pointer = int(weights["pointer"])
        for b in range(len(k)):
            queue[(pointer + b) % size] = k[b]
        pointer = np.array((pointer + len(k)) % size, "int32")
        result["states"] = {"queue": queue, "pointer": pointer}
    return result
