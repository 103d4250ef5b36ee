"""The first case of an emitted test has several of what is counted: heads, groups, experts.

With one of each a layer does not show what it does for each. What the layer does by
default is held by another case.
"""

from __future__ import annotations

import pytest

from layergen.example.values import example_sizes
from layergen.layer.facts import Facts
from layergen.loading import read_spec
from layergen.proof.cases import cases

HEADS = """\
layer: Made
args: {units: int, heads: %s}
inputs: [batch, features]
derived: {width: units // heads}
weights: {kernel: [features, units]}
forward: |
  y = ops.reshape(x @ kernel, (batch, heads, width))
  return ops.reshape(ops.softmax(y), (batch, units))
"""


def arguments(text: str) -> list[dict]:
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    facts = Facts(reading.spec)
    return [dict(one.args) for one in cases(facts, example_sizes(facts))]


# spec: example-counts
@pytest.mark.parametrize("heads", ["int = 1", "{type: int, default: 1, min: 1}"])
@pytest.mark.parametrize(
    "more", ["", "require: {units % heads == 0: units must divide}\n"]
)
def test_there_are_several_and_in_another_case_one(heads: str, more: str) -> None:
    first, *others = arguments(HEADS % f'"{heads}"' if "=" in heads else HEADS % heads)
    assert first["heads"] > 1 and first["units"] % first["heads"] == 0
    assert any(one["heads"] == 1 for one in others)
    assert arguments((HEADS % "{type: int, default: 1}") + more)[0]["heads"] > 1


def test_what_proves_the_values_may_read_the_size_of_each() -> None:
    reference = "reference: np.exp(x @ kernel).reshape(len(x), -1, width) * 0\n"
    assert arguments(HEADS % "{type: int, default: 1}" + reference)[0]["heads"] > 1


def test_two_counts_differ() -> None:
    text = (
        "layer: Made\n"
        "args: {rounds: {type: int, default: 1}, times: {type: int, default: 1}}\n"
        "inputs: [batch, features]\n"
        "forward: |\n"
        "  for _ in range(rounds):\n    x = ops.tanh(x)\n"
        "  for _ in range(times):\n    x = ops.sin(x)\n"
        "  return x\n"
    )
    assert arguments(text)[0] == {"rounds": 2, "times": 3}


@pytest.mark.parametrize(
    ("heads", "more"),
    [
        ("{type: int, default: 2}", ""),
        ("{type: int, default: 1, max: 1}", ""),
        ("{type: int, default: 1}", "example: {heads: 1}\n"),
        ("{type: int, default: 1}", "example: {units: 7}\n"),
        # It says what comes of one head alone.
        ("{type: int, default: 1}", "equivalent: Dense(units, activation='softmax')\n"),
    ],
)
def test_what_is_given_or_fits_no_other_stays(heads: str, more: str) -> None:
    assert arguments((HEADS % heads) + more)[0].get("heads", 1) == 1


def test_a_number_that_counts_nothing_stays() -> None:
    text = (
        "layer: Made\nargs: {axis: {type: int, default: 1}}\n"
        "inputs: [batch, features]\nforward: ops.flip(x, axis) * axis\n"
    )
    assert arguments(text)[0] == {}


def test_a_count_by_which_sizes_would_not_meet_stays() -> None:
    text = (
        "layer: Made\nargs: {groups: {type: int, default: 1, min: 1}}\n"
        "inputs: [batch, time, features]\nweights: {scale: [groups]}\n"
        "forward: x * scale\n"
    )
    assert arguments(text)[0] == {}
