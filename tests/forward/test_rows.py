"""Where samples meet on the way to an output, the emitted test does not part them."""

from __future__ import annotations

import pytest

from layergen.layer.facts import Facts
from layergen.loading import read_spec
from layergen.proof.axes import rows_are_independent

HEAD = """\
layer: Made
inputs: {x: [batch, time, features], y: [batch, time, features]}
weights: {scale: {shape: [features], initializer: ones}}
states: {mean: {shape: [features]}}
"""


def independent(forward: str, head: str = HEAD) -> bool:
    lines = "".join(f"\n  {line}" for line in forward.splitlines())
    reading = read_spec(f"{head}forward: |{lines}\n", "made.yaml")
    assert reading.spec, reading.problems
    return rows_are_independent(Facts(reading.spec))


# spec: example-rows
@pytest.mark.parametrize(
    "forward",
    [
        "return x - ops.mean(x, axis=0) + 0 * y",
        "return x - ops.mean(x, axis=0, keepdims=True) + 0 * y",
        "return x / ops.max(x) + 0 * y",
        "return ops.softmax(x, axis=0) + y",
        "return ops.softmax(x, 0) + y",
        "return ops.cumsum(x, axis=0) + y",
        "return ops.flip(x, axis=-3) + y",
        "return x - x[0] + y",
        "return x[:, 0] @ ops.transpose(y[:, 0])",
        "return ops.einsum('btf,jtf->bj', x, y)",
        "largest = ops.max(x, axis=0)\nreturn x - largest + y",
        "first = ops.swapaxes(x, 0, 1)\nreturn ops.swapaxes(ops.sort(first, axis=1), 0, 1) + y",
        "mean = 0.9 * mean + ops.mean(x, axis=(0, 1))\nreturn x - mean + y",
    ],
)
def test_samples_meet(forward: str) -> None:
    assert not independent(forward)


@pytest.mark.parametrize(
    "forward",
    [
        "return x - ops.mean(x, axis=1, keepdims=True) + y",
        "return ops.softmax(x, axis=-1) + y * scale",
        "return ops.cumsum(x, axis=1) + y",
        "return ops.swapaxes(ops.cumsum(ops.swapaxes(x, 0, 1), axis=0), 0, 1) + y",
        "return ops.einsum('btf,bsf->bts', x, y)",
        "return x @ ops.transpose(y, (0, 2, 1))",
        "flat = ops.reshape(x, (-1, features)) * scale\n"
        "return ops.reshape(flat, ops.shape(x)) + y",
        "return ops.concatenate([x, y], axis=0)[: batch]",
        "add_loss(ops.mean(x))\nreturn x + y",
        "penalty = ops.mean(ops.square(x))\nadd_loss(penalty)\nreturn x + y",
        "if training:\n    mean = 0.9 * mean + ops.mean(x, axis=(0, 1))\nreturn x - mean + y",
        "return ops.stack([x, y], axis=0)[0]",
        "return x * ops.cast(batch, x.dtype) + y",
        "return ops.sum(scale) * x + y",
    ],
)
def test_each_sample_is_its_own(forward: str) -> None:
    assert independent(forward)


REST = "layer: Made\ninputs: [..., features]\n"


@pytest.mark.parametrize(
    ("forward", "wanted"),
    [
        ("x - ops.mean(x, axis=-1, keepdims=True)", True),
        ("x - ops.mean(x)", False),
        ("ops.softmax(x, axis=0)", False),
        ("ops.softmax(x, axis=-1)", True),
    ],
)
def test_of_any_rank(forward: str, wanted: bool) -> None:
    assert independent(f"return {forward}", REST) is wanted
