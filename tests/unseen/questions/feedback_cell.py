"""What was asked for as `feedback_cell`."""

import numpy as np

ARGS = {"units": 4, "classes": 3, "rate": 0.25}
INPUTS = {
    "x": ((2, 2), "float32"),
    "states": [((2, 4), "float32"), ((2, 3), "float32"), ((2, 3), "float32")],
}
CELL = True


def reference(inputs, weights, args, training):
    x, (hidden, share, total) = inputs["x"], inputs["states"]
    total = total + 0.25 * share
    gated = x / (1 + np.exp(-(total @ weights["gate_kernel"])))
    z = x @ weights["kernel"] + hidden @ weights["recurrent_kernel"]
    hidden = np.tanh(z + gated @ weights["context_kernel"] + weights["bias"])
    power = np.exp(hidden @ weights["output_kernel"])
    share = power / power.sum(axis=-1, keepdims=True)
    return share, hidden, share, total
