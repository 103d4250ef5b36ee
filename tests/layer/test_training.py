"""Whether training differs from inference, and inference draws and updates nothing."""

from __future__ import annotations

import pytest

from layergen.layer.facts import Facts
from layergen.layer.training import differs_in_training
from layergen.loading import read_spec

SPEC = """\
layer: A
args: {{rate: float = 0.5, noisy: bool = True}}
inputs: [batch, d]
states: {{seen: []}}
forward: |
{forward}
"""
DROP = "random.dropout(x, rate)"


@pytest.mark.parametrize(
    ("forward", "differs"),
    [
        ("return x", False),
        (f"return {DROP}", False),
        ("return x if training else x * rate", True),
        (f"return {DROP} if training else x", True),
        (f"return x if not training else {DROP}", True),
        (f"return {DROP} if noisy and training else x", True),
        (f"return {DROP} if noisy or training else x", False),
        (f"return {DROP} if training and rate > 0 else x", True),
        (f"if training:\n  x = {DROP}\nreturn x", True),
        (f"if not training:\n  return x\nreturn {DROP}", True),
        (f"if not training:\n  y = x\nelse:\n  y = {DROP}\nreturn y", True),
        (f"if not training:\n  y = {DROP}\nelse:\n  y = x\nreturn y", False),
        (f"if noisy:\n  if training:\n    x = {DROP}\nreturn x", True),
        (f"if noisy:\n  x = {DROP}\nreturn x * 2 if training else x", False),
        (f"def drop():\n  return {DROP}\nreturn drop() if training else x", True),
        (
            f"def drop():\n  return {DROP}\nreturn drop() * 2 if training else drop()",
            False,
        ),
        (f"drop = lambda: {DROP}\nif training:\n  x = drop()\nreturn x", True),
        ("if training:\n  seen = seen + 1\nreturn x * seen", True),
        ("seen = seen + 1\nreturn x * seen if training else x", False),
        ("if noisy and training:\n  seen += 1\nreturn x * seen", True),
        ("for _ in range(2):\n  if training:\n    seen += 1\nreturn x * seen", True),
    ],
)
def test_differs_in_training(forward: str, differs: bool) -> None:
    lines = "\n".join(f"  {line}" for line in forward.split("\n"))
    reading = read_spec(SPEC.format(forward=lines), "a.yaml")
    assert reading.spec, reading.problems
    assert differs_in_training(Facts(reading.spec)) is differs
