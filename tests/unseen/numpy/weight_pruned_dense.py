"""What `weight_pruned_dense` computes."""

import numpy as np

ARGS = {"units": 4, "final": 0.6, "begin": 2, "end": 10, "frequency": 3}
INPUTS = {"x": ((3, 5), "float32", -1, 1)}
WEIGHTS = {
    "step": lambda rng, shape: np.full(shape, 4, "int32"),
    "keep": lambda rng, shape: (rng.random(shape) < 0.6).astype("float32"),
}
TRAINING = True


def reference(inputs, weights, args, training):
    kernel = np.asarray(weights["kernel"], "float64")
    step, threshold, keep = int(weights["step"]), weights["threshold"], weights["keep"]
    if training:
        step += 1
        begin, end = args["begin"], args["end"]
        if step >= begin and (step - begin) % args["frequency"] == 0:
            done = min(max((step - begin) / (end - begin), 0), 1)
            share = args["final"] * (1 - (1 - done) ** 3)
            ordered = np.sort(np.abs(kernel).ravel())
            threshold = ordered[round(share * (len(ordered) - 1))]
            keep = np.where(np.abs(kernel) >= threshold, 1.0, 0.0)
    return {
        "outputs": inputs["x"] @ (kernel * keep) + weights["bias"],
        "states": {"step": step, "threshold": threshold, "keep": keep},
    }
