"""What `running_standardizer` computes."""

import numpy as np

ARGS = {"clip": 1.5}
INPUTS = {"x": ((4, 5, 3), "float32", -2, 3)}
WEIGHTS = {"count": (3, 9), "mean": (-1, 1), "deviations": (1, 8)}
OPEN = {"x": [1]}
TRAINING = True


def reference(inputs, weights, args, training):
    x = inputs["x"]
    count, mean, deviations = (
        weights[name] for name in ("count", "mean", "deviations")
    )
    # One row after the other, by Welford's method.
    for row in x.reshape(-1, x.shape[-1]) if training else ():
        count = count + 1
        off = row - mean
        mean = mean + off / count
        deviations = deviations + off * (row - mean)
    variance = deviations / max(count, 1)
    y = (x - mean) / np.sqrt(variance + args.get("epsilon", 1e-3))
    clip = args.get("clip", 5.0)
    return {
        "outputs": np.minimum(np.maximum(y, -clip), clip),
        "states": {"count": count, "mean": mean, "deviations": deviations},
    }
