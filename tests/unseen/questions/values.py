"""What each layer of this folder computes, in plain NumPy, written before any was generated.

A question has the layer's arguments, its inputs and a function from inputs and weights to what
is right. Weights come under their path below the layer, inputs under their names; both are such
as bfloat16 holds exactly, so that what sorts, rounds or picks does so alike in every precision.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Question:
    """One layer, called on `inputs` (shapes, or arrays that are taken as they are)."""

    right: Callable[..., Any]
    inputs: dict[str, Any]
    args: dict[str, Any] = field(default_factory=dict)
    masks: dict[str, np.ndarray] = field(default_factory=dict)
    cell: bool = False
    tolerance: float = 0.04


def sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))


def softmax(value: np.ndarray) -> np.ndarray:
    power = np.exp(value - value.max(axis=-1, keepdims=True))
    return power / power.sum(axis=-1, keepdims=True)


CONNECTIONS = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]])


def connected_dense(x, w):
    result = np.zeros((len(x), 3))
    for n, i, j in product(range(len(x)), range(4), range(3)):
        if CONNECTIONS[i, j]:
            result[n, j] += x[n, i] * w["kernel"][i, j]
    return np.tanh(result + w["bias"])


def radial_basis(x, w):
    centers, widths = w["centers"], w["widths"]
    result = np.zeros((len(x), len(centers)))
    for n, u in np.ndindex(*result.shape):
        total = sum(
            ((x[n, i] - centers[u, i]) / widths[u, i]) ** 2 for i in range(x.shape[1])
        )
        result[n, u] = np.exp(-total)
    return result


def each_step(x, w):
    kernel, bias = w["inner/kernel"], w["inner/bias"]
    steps = [x[:, t] @ kernel + bias for t in range(x.shape[1])]
    return np.stack(steps, axis=1)


STEPS = np.array([[1, 1, 0, 1, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]], bool)


def temporal_max(x, w):
    result = np.zeros((len(x), x.shape[2]))
    for n, f in np.ndindex(*result.shape):
        kept = [x[n, t, f] for t in range(x.shape[1]) if STEPS[n, t]]
        result[n, f] = max(kept) if kept else 0
    return result


def temporal_mean(x, w):
    result = np.zeros((len(x), x.shape[2]))
    for n, f in np.ndindex(*result.shape):
        kept = [x[n, t, f] for t in range(x.shape[1]) if STEPS[n, t]]
        result[n, f] = sum(kept) / len(kept) if kept else 0
    return result


def k_max_pooling(x, w):
    result = np.zeros((len(x), 3, x.shape[2]))
    for n, f in product(range(len(x)), range(x.shape[2])):
        order = sorted(range(x.shape[1]), key=lambda t: -x[n, t, f])
        result[n, :, f] = [x[n, t, f] for t in sorted(order[:3])]
    return result


def feedback_cell(x, w):
    batch, time, _ = x.shape
    hidden = np.zeros((batch, 4))
    share = np.zeros((batch, 3))
    total = np.zeros((batch, 3))
    result = []
    for t in range(time):
        total = total + 0.25 * share
        gated = x[:, t] * sigmoid(total @ w["gate_kernel"])
        hidden = np.tanh(
            x[:, t] @ w["kernel"]
            + hidden @ w["recurrent_kernel"]
            + gated @ w["context_kernel"]
            + w["bias"]
        )
        share = softmax(hidden @ w["output_kernel"])
        result.append(share)
    return np.stack(result, axis=1)


def peephole_cell(x, w):
    batch, time, _ = x.shape
    hidden, cell = np.zeros((batch, 3)), np.zeros((batch, 3))
    result = []
    for t in range(time):
        z = x[:, t] @ w["kernel"] + hidden @ w["recurrent_kernel"] + w["bias"]
        admit = sigmoid(z[:, 0:3] + cell * w["input_peephole"])
        forget = sigmoid(z[:, 3:6] + cell * w["forget_peephole"])
        cell = forget * cell + admit * np.tanh(z[:, 6:9])
        emit = sigmoid(z[:, 9:12] + cell * w["output_peephole"])
        hidden = emit * np.tanh(cell)
        result.append(hidden)
    return np.stack(result, axis=1)


def gradient_reversal(x, w):
    return x


def rounded_dense(x, w):
    before = x @ w["kernel"] + w["bias"]
    assert np.abs(before).min() > 0.04, "a value is too near the edge of rounding"
    return (before > 0).astype(float)


def center_loss(features, labels, w):
    return features


def center_loss_of(features, labels, centers):
    """The loss of a call and the centres after a call in training."""
    loss = 0.0
    for n in range(len(features)):
        loss += ((features[n] - centers[labels[n].argmax()]) ** 2).sum() / len(features)
    after = centers.copy()
    for c in range(len(centers)):
        mine = [n for n in range(len(features)) if labels[n].argmax() == c]
        pull = sum(
            (centers[c] - features[n] for n in mine), np.zeros(features.shape[1])
        )
        after[c] -= 0.5 * pull / (1 + len(mine))
    return 0.5 * loss, after


def cylindrical_conv(x, w):
    batch, height, width, channels = x.shape
    result = np.zeros((batch, height, width - 2, 2)) + w["bias"]
    for i, j, di, dj in product(range(height), range(width - 2), range(3), range(3)):
        result[:, i, j] += x[:, (i + di - 1) % height, j + dj] @ w["kernel"][di, dj]
    return np.maximum(result, 0)


def word_drop_embedding(x, w):
    return np.array([[w["embeddings"][word] for word in sentence] for sentence in x])


def gaussian_blur(x, w):
    batch, height, width, channels = x.shape
    bell = np.array(
        [
            [np.exp(-(i * i + j * j) / (2 * 0.75**2)) for j in (-1, 0, 1)]
            for i in (-1, 0, 1)
        ]
    )
    bell /= bell.sum()
    result = np.zeros_like(x)
    for i, j, di, dj in product(range(height), range(width), (-1, 0, 1), (-1, 0, 1)):
        if 0 <= i + di < height and 0 <= j + dj < width:
            result[:, i, j] += x[:, i + di, j + dj] * bell[di + 1, dj + 1]
    return result


def pool_with_index(x, w):
    batch, height, width, channels = x.shape
    largest = np.zeros((batch, height // 2, width // 2, channels))
    where = np.zeros(largest.shape, int)
    for n, i, j, c in np.ndindex(*largest.shape):
        places = [(2 * i + a, 2 * j + b) for a in (0, 1) for b in (0, 1)]
        row, column = max(places, key=lambda p: x[n, p[0], p[1], c])
        largest[n, i, j, c] = x[n, row, column, c]
        where[n, i, j, c] = (row * width + column) * channels + c
    return largest, where


def weighted_merge(gate, parts, w):
    return sum(gate[:, i : i + 1] * part for i, part in enumerate(parts))


def rule_products(x, w):
    batch, rows, members = x.shape
    result = np.zeros((batch, members**rows))
    for position, choice in enumerate(product(range(members), repeat=rows)):
        for n in range(batch):
            result[n, position] = np.prod([x[n, i, choice[i]] for i in range(rows)])
    return result


def pyramid_pooling(x, w):
    batch, height, width, channels = x.shape
    cells = []
    for n in (1, 2, 3):
        for i, j in product(range(n), range(n)):
            top, bottom = int(np.floor(i * height / n)), int(
                np.ceil((i + 1) * height / n)
            )
            left, right = int(np.floor(j * width / n)), int(
                np.ceil((j + 1) * width / n)
            )
            cells.append(x[:, top:bottom, left:right].max(axis=(1, 2)))
    return np.concatenate(cells, axis=-1)


def conv_same(x, kernel, bias):
    batch, height, width, _ = x.shape
    size = kernel.shape[0]
    padded = np.pad(x, [(0, 0), (size // 2, size // 2), (size // 2, size // 2), (0, 0)])
    result = np.zeros((batch, height, width, kernel.shape[-1])) + bias
    for i, j, di, dj in product(range(height), range(width), range(size), range(size)):
        result[:, i, j] += padded[:, i + di, j + dj] @ kernel[di, dj]
    return result


def group_norm(x, gamma, beta):
    batch, height, width, channels = x.shape
    grouped = x.reshape(batch, height * width, 2, channels // 2)
    mean = grouped.mean(axis=(1, 3), keepdims=True)
    variance = grouped.var(axis=(1, 3), keepdims=True)
    return ((grouped - mean) / np.sqrt(variance + 1e-5)).reshape(x.shape) * gamma + beta


def silu(x):
    return x * sigmoid(x)


def residual_block(x, w):
    y = silu(group_norm(x, w["norm1/gamma"], w["norm1/beta"]))
    y = conv_same(y, w["conv1/kernel"], w["conv1/bias"])
    y = silu(group_norm(y, w["norm2/gamma"], w["norm2/beta"]))
    y = conv_same(y, w["conv2/kernel"], w["conv2/bias"])
    if y.shape[-1] == x.shape[-1]:
        assert not any(name.startswith("projection") for name in w)
        return x + y
    return conv_same(x, w["projection/kernel"], w["projection/bias"]) + y


def context_attention(x, w):
    result = np.zeros((len(x), x.shape[2]))
    for n in range(len(x)):
        kept = [t for t in range(x.shape[1]) if STEPS[n, t]]
        if not kept:
            result[n] = x[n].mean(axis=0)
            continue
        scores = np.array(
            [np.tanh(x[n, t] @ w["kernel"] + w["bias"]) @ w["context"] for t in kept]
        )
        for share, t in zip(softmax(scores), kept, strict=True):
            result[n] += share * x[n, t]
    return result


def ensemble_head(x, w):
    means, variances = [], []
    for i in range(3):
        hidden = np.maximum(x @ w[f"bodies_{i}/kernel"] + w[f"bodies_{i}/bias"], 0)
        means.append(hidden @ w[f"means_{i}/kernel"] + w[f"means_{i}/bias"])
        raw = hidden @ w[f"variances_{i}/kernel"] + w[f"variances_{i}/bias"]
        variances.append(np.log1p(np.exp(raw)))
    return np.concatenate(means, axis=-1), np.concatenate(variances, axis=-1)


LABELS = np.eye(3)[[0, 2, 2, 0, 2]]
WORDS = np.array([[0, 3, 3], [5, 1, 0]], "int32")
QUESTIONS = {
    "connected_dense": Question(
        connected_dense,
        {"x": (2, 4)},
        {"connections": CONNECTIONS, "activation": "tanh"},
    ),
    "radial_basis": Question(radial_basis, {"x": (3, 2)}, {"units": 4}),
    "each_step": Question(
        each_step, {"x": (2, 3, 4)}, {"inner": ("Dense", {"units": 2})}
    ),
    "temporal_pool": Question(
        temporal_max, {"x": (3, 5, 2)}, {"mode": "max"}, masks={"x": STEPS}
    ),
    "temporal_pool-mean": Question(
        temporal_mean, {"x": (3, 5, 2)}, {"mode": "mean"}, masks={"x": STEPS}
    ),
    "k_max_pooling": Question(k_max_pooling, {"x": (2, 6, 2)}, {"k": 3}),
    "feedback_cell": Question(
        feedback_cell,
        {"x": (2, 4, 2)},
        {"units": 4, "classes": 3, "rate": 0.25},
        cell=True,
    ),
    "peephole_cell": Question(peephole_cell, {"x": (2, 4, 2)}, {"units": 3}, cell=True),
    "gradient_reversal": Question(gradient_reversal, {"x": (2, 3, 4)}, {"factor": 0.5}),
    "rounded_dense": Question(rounded_dense, {"x": (2, 3)}, {"units": 4}),
    "center_loss": Question(
        center_loss, {"features": (5, 2), "labels": LABELS}, {"rate": 0.5}
    ),
    "cylindrical_conv": Question(
        cylindrical_conv,
        {"x": (2, 4, 5, 3)},
        {"filters": 2, "kernel_size": 3, "activation": "relu"},
        tolerance=0.1,
    ),
    "word_drop_embedding": Question(
        word_drop_embedding, {"x": WORDS}, {"words": 6, "dims": 4, "rate": 0.5}
    ),
    "gaussian_blur": Question(
        gaussian_blur, {"x": (2, 4, 5, 3)}, {"size": 3, "sigma": 0.75}
    ),
    "pool_with_index": Question(pool_with_index, {"x": (2, 5, 4, 3)}, {"size": 2}),
    "weighted_merge": Question(
        weighted_merge, {"gate": (2, 3), "parts": [(2, 4), (2, 4), (2, 4)]}
    ),
    "rule_products": Question(rule_products, {"x": (2, 3, 4)}),
    "pyramid_pooling": Question(
        pyramid_pooling, {"x": (2, 5, 4, 3)}, {"pools": [1, 2, 3]}
    ),
    "residual_block": Question(
        residual_block, {"x": (2, 4, 3, 4)}, {"filters": 6, "groups": 2}, tolerance=0.15
    ),
    "residual_block-same": Question(
        residual_block, {"x": (2, 4, 3, 4)}, {"filters": 4, "groups": 2}, tolerance=0.15
    ),
    "context_attention": Question(
        context_attention, {"x": (3, 5, 2)}, {"units": 3}, masks={"x": STEPS}
    ),
    "ensemble_head": Question(
        ensemble_head, {"x": (2, 4)}, {"members": 3, "hidden": 5}
    ),
}
