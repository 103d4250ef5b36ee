"""What `noisy_dense` computes."""

import numpy as np

ARGS = {"units": 6, "seed": 4}
INPUTS = {"x": ((5, 7), "float32", -1, 1)}


def half(rng, shape):
    return np.full(shape, 0.5)


WEIGHTS = {"kernel_sigma": half, "bias_sigma": half}


def reference(inputs, weights, args, training):
    return inputs["x"] @ weights["kernel"] + weights["bias"]


def check(first, second, inputs, weights, args):
    plain = reference(inputs, weights, args, False)
    for outputs in (first, second):
        noise = np.asarray(outputs[0], "float64") - plain
        # One factor for each row and one for each column.
        large, small, *_ = np.linalg.svd(noise, compute_uv=False)
        assert large > 0.5
        assert small < 0.05 * large
    assert np.abs(np.asarray(first[0], "float64") - second[0]).max() > 0.05
