"""What `factorized_embedding` computes."""

import numpy as np

ARGS = {
    "vocabulary": 9,
    "inner": 3,
    "dim": 4,
    "segment_count": 2,
    "scaled": True,
    "mask_zero": True,
}


def some_ids(rng):
    ids = rng.integers(0, 9, (2, 5))
    ids[0, 3:] = 0
    ids[1, 1] = 0
    ids[:, 0] = rng.integers(1, 9, 2)
    return ids.astype("int32")


INPUTS = {"ids": some_ids, "segments": ((2, 5), "int32", 0, 2)}


def reference(inputs, weights, args, training):
    ids = np.asarray(inputs["ids"]).astype(int)
    segments = np.asarray(inputs["segments"]).astype(int)
    h = weights["table/embeddings"][ids]
    scale = np.sqrt(args["dim"])
    y = h @ weights["widen/kernel"] * scale
    y = y + weights["kinds/embeddings"][segments]
    return {"outputs": y, "mask": ids != 0}
