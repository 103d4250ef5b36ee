"""What `shake_shake` computes."""

import numpy as np

ARGS = {"seed": 5}
INPUTS = {
    "first": ((4, 3, 5), "float32", -1, 1),
    "second": ((4, 3, 5), "float32", -1, 1),
}


def reference(inputs, weights, args, training):
    return 0.5 * (inputs["first"] + inputs["second"])


def shares(outputs, inputs):
    """The share of the first branch in each sample."""
    y = np.asarray(outputs[0], "float64")
    first = np.asarray(inputs["first"], "float64")
    second = np.asarray(inputs["second"], "float64")
    found = []
    for n in range(len(y)):
        d = first[n] - second[n]
        share = np.sum((y[n] - second[n]) * d) / np.sum(d * d)
        mixed = share * first[n] + (1 - share) * second[n]
        assert np.abs(y[n] - mixed).max() < 2e-2
        assert -0.02 < share < 1.02
        found.append(share)
    return np.array(found)


def check(first, second, inputs, weights, args):
    a, b = shares(first, inputs), shares(second, inputs)
    assert np.ptp(a) > 1e-2 and np.ptp(b) > 1e-2
    assert np.abs(a - b).max() > 1e-2
