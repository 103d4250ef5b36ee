"""What `cross_layer` computes."""

ARGS = {"projection": 3, "diag_scale": 0.5}
INPUTS = {
    "x0": ((4, 6), "float32", -1, 1),
    "x": ((4, 6), "float32", -1, 1),
}


def reference(inputs, weights, args, training):
    x0, x = inputs["x0"], inputs["x"]
    p = x @ weights["down"] @ weights["kernel"] + weights["bias"]
    return x0 * (p + args["diag_scale"] * x) + x
