"""What explanations are made of: small specs, and changes of them."""

from __future__ import annotations

import re

from layergen.explanation import Explanation

BASE = """\
layer: Scale
inputs: [batch, features]
weights:
  scale: [features]
forward: x * scale
"""
KEY = re.compile(r"^(?=\w)", re.MULTILINE)


def spec(*changes: str) -> str:
    """The base spec with keys replaced or added; a key alone is left out."""
    parts = {part.split(":")[0]: part for part in KEY.split(BASE) if part}
    for change in changes:
        parts[change.split(":")[0]] = change + "\n"
    return "".join(text for key, text in parts.items() if text != f"{key}:\n")


def explain(
    code: str, title: str, meaning: str, bad: str, good: str = BASE
) -> Explanation:
    return Explanation(code, title, meaning, bad, good)


CELL = """\
layer: Sum
kind: cell
args: {units: int}
inputs: [batch, features]
states: {h: [units]}
weights: {kernel: [features, units]}
forward: |
  h = h + x @ kernel
  return h
"""
GATE = """\
layer: Gate
inputs: [batch, features]
functions:
  gate:
    args: [a, b]
    forward: a * ops.sigmoid(b)
    gradient: |
      d_a = upstream * ops.sigmoid(b)
      d_b = upstream * a * ops.sigmoid(b) * ops.sigmoid(-b)
forward: gate(x, x)
"""
SCALED = "args: {factor: float = 2.0}", "forward: x * scale * factor"
