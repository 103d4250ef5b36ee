"""What `pwl_calibration` computes."""

import numpy as np

ARGS = {"keypoints": [0.0, 0.5, 2.0, 3.0], "units": 3, "missing": -1.0}


def some_x(rng):
    x = rng.integers(-4, 15, (6, 3)) / 4
    x[1, 0] = x[3, 1] = x[4, 2] = -1.0
    return x.astype("float32")


INPUTS = {"x": some_x}


def reference(inputs, weights, args, training):
    x, keypoints = inputs["x"], args["keypoints"]
    y = np.zeros((len(x), args["units"]))
    for n in range(len(x)):
        for u in range(args["units"]):
            value = x[n, u] if x.shape[1] > 1 else x[n, 0]
            y[n, u] = weights["first"][u]
            for i in range(len(keypoints) - 1):
                low, high = keypoints[i], keypoints[i + 1]
                w = np.clip((value - low) / (high - low), 0, 1)
                y[n, u] += w * weights["rise"][i, u]
            if value == args["missing"]:
                y[n, u] = weights["absent"][u]
    return y
