"""Sizes that Python takes for numbers, and that may be known only when the layer runs."""

from __future__ import annotations

import ast

from layergen.forward.asked import operation
from layergen.forward.slow.asking import Asking, shown

COUNTS = {"split": "indices_or_sections", "unstack": "num"}
"""What makes several tensors, with the parameter that says how many."""


def count(asking: Asking, node: ast.Call) -> None:
    """A graph has a fixed number of tensors, however many are taken from one."""
    name, found = operation(asking.analysis, node)
    number = found.get(COUNTS.get(name, ""))
    if name == "unstack" and number is None:
        text = asking.late_axis(found["x"], found.get("axis"))
    else:
        text = shown(number) if number is not None and asking.is_late(number) else ""
    if text:
        message = f"`ops.{name}` makes as many tensors as `{text}`, which may be known "
        message += "only when the layer runs"
        hint = "work on the whole axis at once; a derived value of the size fixes it "
        asking.complain("LG507", number or node, message, f"{hint}at build")
