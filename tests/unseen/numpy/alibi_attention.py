"""What `alibi_attention` computes."""

import numpy as np

ARGS = {"heads": 4, "size": 2}
INPUTS = {"x": ((2, 6, 5), "float32", -1, 1)}
OPEN = {"x": [1]}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    batch, time, _ = x.shape
    heads, size = args["heads"], args["size"]
    q, k, v = np.split(x @ weights["qkv/kernel"], 3, axis=-1)
    joined = np.zeros((batch, time, heads * size))
    for n in range(batch):
        for head in range(heads):
            slope = 2.0 ** (-8 * (head + 1) / heads)
            part = slice(head * size, (head + 1) * size)
            for i in range(time):
                scores = np.array(
                    [
                        q[n, i, part] @ k[n, j, part] / np.sqrt(size) - slope * (i - j)
                        for j in range(i + 1)
                    ]
                )
                e = np.exp(scores - scores.max())
                joined[n, i, part] = e / e.sum() @ v[n, : i + 1, part]
    return joined @ weights["out/kernel"] + weights["out/bias"]
