"""What is told of a spec by the analysis of its code, beyond the cases of problems."""

from __future__ import annotations

import pytest

from layergen.forward import interpreter
from layergen.loading import read_spec

LOOPS = """\
layer: Made
args: {n: int}
inputs: [batch, d]
forward: |
  y = x
  for _ in range(n):
      y = y + ops.tanh(y)
  return y
"""


def codes(text: str) -> list[str]:
    return [problem.code for problem in read_spec(text, "made.yaml").problems]


def test_code_that_takes_too_long_to_follow_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not codes(LOOPS)
    monkeypatch.setattr(interpreter, "FLOW_STEPS", 10)
    assert codes(LOOPS) == ["LG430"]


def test_deep_code_in_deep_calls_is_followed() -> None:
    """Past some depth a call gives a value that is not known, and nothing fails."""
    deep = "x"
    for _ in range(40):
        deep = f"(ops.tanh({deep}) + 1)"
    code = {
        number: deep.replace("x", f"f{number - 1}(x)") if number else "x"
        for number in range(30)
    }
    lines = "".join(
        f"  f{number}: {{args: [x], forward: '{text}'}}\n"
        for number, text in code.items()
    )
    head = f"layer: Made\ninputs: [batch, d]\nfunctions:\n{lines}"
    assert not codes(f"{head}forward: f29(x)\n")
    assert codes(f"{head}forward: f29(x) + x.mean(1)\n") == ["LG440"]
