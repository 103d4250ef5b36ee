"""What `batch_renorm` computes."""

import numpy as np

ARGS = {"momentum": 0.75, "most_scale": 1.2, "most_shift": 0.3}
INPUTS = {"x": ((4, 5, 3), "float32", -1, 2)}
WEIGHTS = {"moving_std": (0.5, 1.5)}
OPEN = {"x": [1]}
TRAINING = True


def reference(inputs, weights, args, training):
    x, mean, std = inputs["x"], weights["moving_mean"], weights["moving_std"]
    if not training:
        y = (x - mean) / std
        return y * weights["gamma"] + weights["beta"]
    rows = x.reshape(-1, x.shape[-1])
    batch_mean = rows.mean(axis=0)
    batch_std = np.sqrt(rows.var(axis=0) + args.get("epsilon", 1e-3))
    most = args["most_scale"]
    r = np.clip(batch_std / std, 1 / most, most)
    d = np.clip((batch_mean - mean) / std, -args["most_shift"], args["most_shift"])
    y = (x - batch_mean) / batch_std * r + d
    keep = args["momentum"]
    return {
        "outputs": y * weights["gamma"] + weights["beta"],
        "states": {
            "moving_mean": keep * mean + (1 - keep) * batch_mean,
            "moving_std": keep * std + (1 - keep) * batch_std,
        },
    }
