"""What `compressed_interaction` computes."""

import numpy as np

ARGS = {"sizes": [4, 6, 3], "split": True, "activation": "tanh"}
INPUTS = {"x": ((3, 5, 4), "float32", -1, 1)}


def reference(inputs, weights, args, training):
    x = inputs["x"]
    sizes = args["sizes"]
    current, outputs = x, []
    for k, size in enumerate(sizes):
        kernel, bias = weights[f"kernel_{k}"], weights[f"bias_{k}"]
        z = np.zeros((x.shape[0], size, x.shape[2])) + bias[:, None]
        for i in range(x.shape[1]):
            for j in range(current.shape[1]):
                product = x[:, i] * current[:, j]
                z += kernel[i, j][:, None] * product[:, None, :]
        z = np.tanh(z)
        if args["split"] and k < len(sizes) - 1:
            current, output = z[:, : size // 2], z[:, size // 2 :]
        else:
            current, output = z, z
        outputs.append(output)
    return np.concatenate(outputs, axis=1).sum(axis=2)


PATHS = {
    f"maps_{k}/{name}": f"{name}_{k}" for k in range(3) for name in ("kernel", "bias")
}
