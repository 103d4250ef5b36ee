"""The arguments of emitted tests come to every branch that arguments can come to."""

from __future__ import annotations

from typing import Any

import pytest

from layergen.example.values import example, example_sizes
from layergen.layer.facts import Facts
from layergen.loading import read_spec
from layergen.proof.branches import MOST, further
from layergen.proof.cases import cases

WAYS = """\
layer: Ways
args:
  mode: Literal["mean", "max", "sum"]
  depth: {type: int, default: 3, min: 0}
  gated: bool = True
  scale: float | None = None
inputs: [batch, time, features]
layers:
  gate: {make: Dense(features), when: gated}
forward: |
  if mode == "mean":
      y = ops.mean(x, axis=1)
  elif mode == "max":
      y = ops.max(x, axis=1)
  else:
      y = ops.sum(x, axis=1)
  if gate is not None and depth > 4:
      y = gate(y)
  elif gate is not None:
      y = y * gate(y)
  return y if scale is None else y * scale
"""


def facts_of(text: str) -> Facts:
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    return Facts(reading.spec)


def chosen(text: str) -> list[dict[str, Any]]:
    facts = facts_of(text)
    return [dict(case.args) for case in cases(facts, example_sizes(facts))]


def test_every_branch() -> None:
    found = chosen(WAYS)
    assert {case["mode"] for case in found} == {"mean", "max", "sum"}
    assert {case.get("gated", True) for case in found} == {True, False}
    assert any(case.get("depth", 3) > 4 and case.get("gated", True) for case in found)
    assert any(case.get("scale") is not None for case in found)


SPEC = """\
layer: Made
args: {args}
inputs: [batch, features]
{more}
forward: {forward}
"""


@pytest.mark.parametrize(
    ("args", "forward", "wanted"),
    [
        (
            "{low: 'bool = False', high: 'bool = False'}",
            "x if low and not high else -x",
            1,
        ),
        # Both are changed at once already.
        ("{flag: 'bool = False'}", "x if flag else -x", 0),
        ("{n: {type: int, default: 2, min: 0}}", "x if n == 41 else -x", 1),
        ("{n: {type: int, default: 2, min: 0}}", "x if n < 0 else -x", 0),
        ("{n: {type: int, default: 2}}", "x if n < 0 else -x", 1),
        ('{k: \'Literal["a", "b", "c"] = "a"\'}', "x if k == 'c' else -x", 1),
        ("{rate: 'float | None = None'}", "x if rate is None else x * rate", 1),
        # What only a call decides, and what arguments do not.
        ("{flag: 'bool = False'}", "x * flag if training else -x", 0),
    ],
)
def test_arguments(args: str, forward: str, wanted: int) -> None:
    facts = facts_of(SPEC.format(args=args, forward=forward, more=""))
    cases_of_two = 2 if "bool" in args or "Literal" in args else 1
    found = [dict(case.args) for case in cases(facts, example_sizes(facts))]
    assert len(found) == cases_of_two + wanted


def test_what_the_example_says_stays() -> None:
    text = WAYS + "example: {gated: false}\n"
    facts = facts_of(text)
    sizes = example_sizes(facts)
    found = [*further(facts, [sizes], example(facts))]
    assert all("gated" not in one for one in found)
    assert len(found) == 3


def test_requirements_hold() -> None:
    more = "require: {n < 5: n must be below 5}"
    spec = SPEC.format(
        args="{n: {type: int, default: 2}}", forward="x if n > 7 else -x", more=more
    )
    assert chosen(spec) == [{}]


def test_no_more_than_some() -> None:
    literals = ", ".join(f'"w{index}"' for index in range(12))
    body = "".join(f"  if way == 'w{i}':\n      return x * {i}\n" for i in range(12))
    spec = SPEC.format(
        args=f"{{way: 'Literal[{literals}]'}}", forward=f"|\n{body}  return x", more=""
    )
    assert len(chosen(spec)) == 1 + MOST
