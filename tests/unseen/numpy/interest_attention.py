"""What `interest_attention` computes."""

import numpy as np


def mask(rng):
    steps = rng.random((3, 5)) < 0.6
    steps[:, 2] = True
    return steps


ARGS = {"hidden": [6, 4], "normalize": True}
INPUTS = {
    "history": ((3, 5, 4), "float32", -1, 1),
    "candidate": ((3, 4), "float32", -1, 1),
}
MASKS = {"history": mask}
OPEN = {"history": [1]}
PATHS = {
    f"hidden_layers_{i}/{part}": f"hidden_{i}/{part}"
    for i in range(2)
    for part in ("kernel", "bias")
}


def reference(inputs, weights, args, training):
    history, candidate = inputs["history"], inputs["candidate"]
    present = inputs.get("history_mask", np.ones(history.shape[:2], bool))
    y = np.zeros_like(candidate)
    for b, (steps, wanted) in enumerate(zip(history, candidate, strict=True)):
        scores = []
        for step in steps:
            h = np.concatenate([wanted, step, wanted - step, wanted * step])
            for i in range(len(args["hidden"])):
                made = h @ weights[f"hidden_{i}/kernel"] + weights[f"hidden_{i}/bias"]
                h = 1 / (1 + np.exp(-made))
            scores.append((h @ weights["score/kernel"] + weights["score/bias"])[0])
        a = np.array(scores)
        if args["normalize"]:
            a = np.exp(a - a.max()) * present[b]
            a = a / a.sum()
        y[b] = (a * present[b]) @ steps
    return {"outputs": y, "mask": None}
