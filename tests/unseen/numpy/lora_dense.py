"""What `lora_dense` computes."""

import itertools

import numpy as np

ARGS = {
    "units": 5,
    "rank": 2,
    "alpha": 3.0,
    "rate": 0.2,
    "use_bias": True,
    "activation": "tanh",
}
INPUTS = {"x": ((4, 6), "float32", -1, 1)}


def compute(x, dropped, weights, args):
    low = dropped @ weights["lora_a"] @ weights["lora_b"]
    scale = args.get("alpha", 8.0) / args.get("rank", 4)
    z = x @ weights["kernel"] + scale * low
    if args.get("use_bias", True):
        z = z + weights["bias"]
    if args.get("activation") == "tanh":
        z = np.tanh(z)
    return z


def reference(inputs, weights, args, training):
    return compute(inputs["x"], inputs["x"], weights, args)


def check(first, second, inputs, weights, args):
    """Each row is what one of all the ways to drop its features gives."""
    x = inputs["x"]
    keep = 1 - args["rate"]
    ways = np.array(list(itertools.product([0, 1], repeat=x.shape[-1]))) / keep
    for outputs in (first, second):
        y = np.asarray(outputs[0], "float64")
        for row, found in zip(x, y):
            possible = compute(row[None], row * ways, weights, args)
            assert (
                np.abs(possible - found).max(axis=-1).min()
                < 3e-2 * np.abs(possible).max()
            )
    assert not np.array_equal(first[0], second[0])
