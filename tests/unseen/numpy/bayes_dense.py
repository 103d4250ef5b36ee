"""What `bayes_dense` computes."""

import numpy as np

ARGS = {"units": 3, "prior": 0.5, "kl_weight": 0.01, "seed": 5}


def some_x(rng):
    x = rng.uniform(-1, 1, (4, 5))
    x[3] = x[0]
    return x.astype("float32")


INPUTS = {"x": some_x}


def reference(inputs, weights, args, training):
    mu = weights["mu"]
    sigma = np.log(1 + np.exp(weights["rho"]))
    prior = args["prior"]
    divergence = np.sum(
        np.log(prior / sigma) + (sigma**2 + mu**2) / (2 * prior**2) - 0.5
    )
    return {
        "outputs": inputs["x"] @ mu + weights["bias"],
        "losses": args["kl_weight"] * divergence,
    }


def check(first, second, inputs, weights, args):
    x = np.asarray(inputs["x"], "float64")
    mu = np.asarray(weights["mu"], "float64")
    sigma = np.log(1 + np.exp(np.asarray(weights["rho"], "float64")))
    mean = x @ mu + np.asarray(weights["bias"], "float64")
    deviation = np.sqrt(x**2 @ sigma**2)
    normals = []
    for outputs in (first, second):
        y = np.asarray(outputs[0], "float64")
        # one draw a call: equal samples come out equal
        assert np.abs(y[0] - y[3]).max() < 1e-4
        normal = (y - mean) / deviation
        assert np.abs(normal).max() < 6
        assert 0.2 < np.sqrt(np.mean(normal[:3] ** 2)) < 3
        normals.append(normal)
    assert np.abs(normals[0] - normals[1]).max() > 0.05
