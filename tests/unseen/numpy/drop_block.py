"""What `drop_block` computes."""

import numpy as np

ARGS = {"block_size": 3, "rate": 0.3, "seed": 2}
INPUTS = {"x": ((2, 8, 9, 3), "float32", 1, 2)}
OPEN = {"x": [1, 2]}


def reference(inputs, weights, args, training):
    return inputs["x"]


def check(first, second, inputs, weights, args):
    x, size = np.asarray(inputs["x"], "float64"), args["block_size"]
    for outputs in (first, second):
        y = np.asarray(outputs[0], "float64")
        kept = y != 0
        assert 0.3 < kept.mean() < 0.95
        scale = kept.size / kept.sum()
        assert np.abs(y - x * kept * scale).max() < 3e-2 * np.abs(y).max()
        # What is dropped is covered by whole squares of what is dropped.
        covered = np.zeros_like(kept)
        for i, j in np.ndindex(x.shape[1] - size + 1, x.shape[2] - size + 1):
            gone = ~kept[:, i : i + size, j : j + size].any(axis=(1, 2))
            covered[:, i : i + size, j : j + size] |= gone[:, None, None]
        assert np.array_equal(covered, ~kept)
    assert np.any((first[0] != 0) != (second[0] != 0))
