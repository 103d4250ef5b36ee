"""What was asked for as `peephole_cell`."""

import numpy as np

ARGS = {"units": 3}
INPUTS = {"x": ((2, 2), "float32"), "states": [((2, 3), "float32")] * 2}
CELL = True
WEIGHTS = {"bias": (0.5, 1.5)}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def reference(inputs, weights, args, training):
    x, (hidden, cell) = inputs["x"], inputs["states"]
    z = x @ weights["kernel"] + hidden @ weights["recurrent_kernel"] + weights["bias"]
    admit = sigmoid(z[:, 0:3] + cell * weights["input_peephole"])
    forget = sigmoid(z[:, 3:6] + cell * weights["forget_peephole"])
    cell = forget * cell + admit * np.tanh(z[:, 6:9])
    emit = sigmoid(z[:, 9:12] + cell * weights["output_peephole"])
    hidden = emit * np.tanh(cell)
    return hidden, hidden, cell
