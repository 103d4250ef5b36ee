"""Tensors that `ops.scan` goes over side by side, of which TensorFlow must know how many parts
they have."""

from __future__ import annotations

import ast

from layergen.forward.analyse import Forward
from layergen.forward.asked import operation
from layergen.forward.values import Items, Tensor, there


def scanned_together(analysis: Forward, node: ast.AST) -> tuple[ast.expr, Items] | None:
    """The several tensors that a node scans, and the expression of them; else None."""
    if not isinstance(node, ast.Call):
        return None
    name, given = operation(analysis, node)
    over = there(analysis.at(given["xs"])) if name == "scan" and "xs" in given else None
    return (given["xs"], over) if isinstance(over, Items) else None


def first_axis(value: object) -> object:
    """The size of a tensor's first axis, `REST` for one of `...`, None where unknown."""
    shape = value.shape if isinstance(value, Tensor) else None
    return shape[0] if isinstance(shape, tuple) and shape else None
