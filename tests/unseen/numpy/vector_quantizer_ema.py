"""What `vector_quantizer_ema` computes."""

import numpy as np

BOOK = np.array([[40, -21, 9], [-50, -13, -33], [-7, 55, 28], [13, 10, -18]]) / 64


def distances(x, book):
    return ((x[:, None, :] - book[None]) ** 2).sum(axis=-1)


def draw(rng):
    """Points whose nearest code is nearest by far."""
    rows = []
    while len(rows) < 6:
        row = rng.integers(-64, 65, 3) / 64
        first, second = np.sort(distances(row[None], BOOK)[0])[:2]
        if second - first > 0.2:
            rows.append(row)
    return np.array(rows, "float32")


ARGS = {"codes": 4, "decay": 0.8}
INPUTS = {"x": draw}
WEIGHTS = {
    "book": lambda rng, shape: BOOK.reshape(shape),
    "cluster": (0.5, 2),
    "total": (-1, 1),
}
TRAINING = True


def reference(inputs, weights, args, training):
    x, book = inputs["x"], weights["book"]
    decay = args.get("decay", 0.99)
    epsilon = args.get("epsilon", 1e-5)
    codes = args["codes"]
    flat = x.reshape(-1, x.shape[-1])
    nearest = distances(flat, book).argmin(axis=1)
    q = book[nearest].reshape(x.shape)
    result = {
        "outputs": q,
        "losses": args.get("commitment", 0.25) * ((x - q) ** 2).mean(),
    }
    if training:
        n = np.zeros(codes)
        s = np.zeros((codes, x.shape[-1]))
        for row, code in zip(flat, nearest):
            n[code] += 1
            s[code] += row
        cluster = decay * weights["cluster"] + (1 - decay) * n
        total = decay * weights["total"] + (1 - decay) * s
        everything = cluster.sum()
        c = (cluster + epsilon) / (everything + codes * epsilon) * everything
        result["states"] = {
            "cluster": cluster,
            "total": total,
            "book": total / c[:, None],
        }
    return result


def gradients(inputs, weights, args, upstream):
    return {"x": upstream}
