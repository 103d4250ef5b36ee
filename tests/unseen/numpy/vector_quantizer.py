"""What `vector_quantizer` computes."""

import numpy as np

# Codes and inputs lie about these places, so that the nearest code is clear.
PLACES = np.array([[-0.75, -0.75], [0.75, -0.75], [0, 0], [-0.75, 0.75], [0.75, 0.75]])


def around(rng):
    places = PLACES[rng.integers(0, 5, (3, 4))]
    return (places + rng.uniform(-0.25, 0.25, (3, 4, 2))).astype("float32")


def book(rng, shape):
    return rng.permutation(PLACES) + rng.uniform(-0.08, 0.08, shape)


ARGS = {"codes": 5, "commitment": 0.5}
INPUTS = {"x": around}
WEIGHTS = {"codebook": book}
FLIPS = 0.1


def reference(inputs, weights, args, training):
    x = np.asarray(inputs["x"], "float64")
    codes = np.asarray(weights["codebook"], "float64")
    distances = np.sum((x[..., None, :] - codes) ** 2, axis=-1)
    k = np.argmin(distances, axis=-1)
    q = codes[k]
    error = np.mean((q - x) ** 2)
    return {
        "outputs": (q, k.astype("int32")),
        "losses": args["commitment"] * error + error,
    }


def gradients(inputs, weights, args, upstream):
    return {"x": upstream[0]}
