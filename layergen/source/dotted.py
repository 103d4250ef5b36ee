"""Dotted names in Python trees."""

from __future__ import annotations

import ast


def dotted(tree: ast.AST) -> str:
    """`keras.ops.sum` for the tree of that; empty for anything else."""
    parts: list[str] = []
    while isinstance(tree, ast.Attribute):
        parts.append(tree.attr)
        tree = tree.value
    if not isinstance(tree, ast.Name):
        return ""
    return ".".join([tree.id, *reversed(parts)])
