"""What `lem_cell` computes."""

import numpy as np

ARGS = {"units": 4, "step": 0.7}
INPUTS = {
    "x": ((3, 5), "float32", -1, 1),
    "states": [((3, 4), "float32", -1, 1), ((3, 4), "float32", -1, 1)],
}
CELL = True


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def reference(inputs, weights, args, training):
    x, (y, z) = inputs["x"], inputs["states"]
    first, second, memory, out = np.split(
        x @ weights["kernel"] + weights["bias"], 4, axis=1
    )
    from_first, from_second, from_memory = np.split(
        y @ weights["recurrent_kernel"], 3, axis=1
    )
    a = args["step"] * sigmoid(first + from_first)
    b = args["step"] * sigmoid(second + from_second)
    z = (1 - a) * z + a * np.tanh(memory + from_memory)
    y = (1 - b) * y + b * np.tanh(out + z @ weights["memory_kernel"])
    return y, y, z
