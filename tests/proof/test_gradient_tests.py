"""The shapes that functions with a gradient of their own are tried on."""

from __future__ import annotations

import pytest

from layergen.layer.facts import Facts
from layergen.loading import read_spec
from layergen.proof.plan import plan_test

HEAD = """\
layer: Made
inputs: [batch, ..., features]
outputs: [batch, ..., features]
weights:
  level: []
  gain: [features]
functions:
  own:
    args: [value, other]
    forward: ops.round(value) * other
    gradient: {code: "d_value = upstream * other\\nd_other = upstream", surrogate: true}
example: {batch: 4, features: 5}
"""


@pytest.mark.parametrize(
    ("forward", "shapes"),
    [
        ("own(x, level)", "(4, 5), ()"),
        ("own(level, x)", "(), (4, 5)"),
        ("own(x, gain)", "(4, 5), (5,)"),
        ("own(x, x)", "(4, 5), (4, 5)"),
        # Called in two ways, of one that is a matrix, a vector or a scalar.
        ("own(x, gain) + own(x, level)", "(3, 4), (3, 4)"),
    ],
)
def test_are_those_of_its_call(forward: str, shapes: str) -> None:
    reading = read_spec(f"{HEAD}forward: {forward}\n", "made.yaml")
    assert reading.spec, reading.problems
    [test] = plan_test(Facts(reading.spec)).gradients
    assert test.arguments == f"own, own_gradient, {shapes}"
