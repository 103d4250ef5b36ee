"""What `equivariant_graph` computes."""

import numpy as np

ARGS = {"hidden": 5}
INPUTS = {
    "h": ((2, 4, 3), "float32", -1, 1),
    "x": ((2, 4, 3), "float32", -1, 1),
}
OPEN = {"h": [1], "x": [1]}


def swish(x):
    return x / (1 + np.exp(-x))


def reference(inputs, weights, args, training):
    h, x = inputs["h"], inputs["x"]
    batch, n = h.shape[:2]

    def dense(name, value):
        return value @ weights[name + "/kernel"] + weights[name + "/bias"]

    new_h, new_x = np.array(h), np.array(x)
    for b in range(batch):
        for i in range(n):
            moved, messages = 0.0, np.zeros(args["hidden"])
            for j in range(n):
                if j == i:
                    continue
                diff = x[b, i] - x[b, j]
                q = np.sum(diff**2)
                m = np.concatenate([h[b, i], h[b, j], [q]])
                m = swish(dense("edge2", swish(dense("edge1", m))))
                c = swish(dense("coord1", m)) @ weights["coord2/kernel"]
                moved = moved + diff / (np.sqrt(q) + 1) * c
                messages = messages + m
            new_x[b, i] = x[b, i] + moved / max(n - 1, 1)
            node = np.concatenate([h[b, i], messages])
            node = dense("node2", swish(dense("node1", node)))
            new_h[b, i] = h[b, i] + node
    return new_h, new_x
