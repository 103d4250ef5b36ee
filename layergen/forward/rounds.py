"""Loops: whether they run at all, and whether every round comes to its end."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import chain

PASSED_ON = ("enumerate", "reversed", "list", "tuple", "sorted")


def has_item(node: ast.expr, runs: Callable[[ast.expr], bool]) -> bool:
    """Whether what a loop goes over has at least one item."""
    match node:
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return any(not isinstance(item, ast.Starred) for item in items)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int() as n)]):
            return n > 0
        case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in PASSED_ON:
            return has_item(inner, runs)
        case ast.Call(func=ast.Name(id="zip"), args=[_, *_] as parts):
            return all(has_item(part, runs) for part in parts)
    return runs(node)


def continues(body: list[ast.stmt]) -> bool:
    """Whether a loop's body ends some rounds early, by a `continue` of its own."""
    todo: list[ast.stmt] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Continue):
            return True
        if isinstance(node, (ast.For, ast.While)):
            todo += node.orelse
        elif isinstance(node, (ast.If, ast.With)):
            todo += chain(node.body, getattr(node, "orelse", []))
    return False
