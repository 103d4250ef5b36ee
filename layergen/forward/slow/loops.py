"""Python loops over an axis of a tensor."""

from __future__ import annotations

import ast

from layergen.forward.slow.asking import Asking, given, shown
from layergen.forward.slow.conditions import truth

LOOP = (
    "work on the whole axis at once with `ops`, or use `keras.layers.RNN`; "
    "`ops.unstack` takes a short axis apart"
)
PASSING = ("enumerate", "reversed", "zip", "filter")
"""Builtins that go over what a loop over them goes over."""
LISTING = ("list", "tuple", "sorted", "iter")
"""Those that go over it at once."""


def for_(asking: Asking, node: ast.For | ast.comprehension) -> None:
    if _over_axis(asking, node.iter):
        message = f"a Python loop over an axis of a tensor, `{shown(node.iter)}`"
        asking.complain("LG501", node.iter, message, LOOP)


def while_(asking: Asking, node: ast.While) -> None:
    if truth(asking, node.test, "while"):
        return
    parts = (one for one in ast.walk(node.test) if isinstance(one, ast.expr))
    if any(map(asking.is_size, parts)):
        asking.complain("LG501", node.test, "a Python loop over an axis", LOOP)


def _over_axis(asking: Asking, node: ast.expr) -> bool:
    """Whether a loop has a round for each item along an axis."""
    if asking.is_tensor(node) or asking.is_long(node):
        return True
    if not isinstance(node, ast.Call):
        return False
    match asking.called(node).rpartition("."):
        case "builtins", _, "range":
            return any(
                asking.is_tensor(one) or asking.is_size(one) for one in given(node)
            )
        case "builtins", _, name if name in PASSING:
            return any(_over_axis(asking, one) for one in given(node))
        case "builtins", _, name if name in LISTING:
            inner = (one for one in given(node) if not asking.is_tensor(one))
            return any(_over_axis(asking, one) for one in inner)
    return False
