"""What `lattice` computes."""

import itertools

import numpy as np

ARGS = {"units": 2, "sizes": [2, 3, 4]}
INPUTS = {
    "x": lambda rng: np.stack(
        [rng.uniform(-0.5, size - 0.5, 5) for size in (2, 3, 4)], axis=1
    )
}


def reference(inputs, weights, args, training):
    sizes, kernel = args["sizes"], weights["kernel"]
    y = np.zeros((len(inputs["x"]), args["units"]))
    for b, point in enumerate(inputs["x"]):
        point = np.clip(point, 0, np.array(sizes) - 1)
        low = [min(int(p), size - 2) for p, size in zip(point, sizes, strict=True)]
        for corner in itertools.product((0, 1), repeat=len(sizes)):
            weight, place = 1.0, 0
            for p, first, step, size in zip(point, low, corner, sizes, strict=True):
                weight *= p - first if step else 1 - (p - first)
                place = place * size + first + step
            y[b] += weight * kernel[place]
    return y
