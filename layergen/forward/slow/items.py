"""Assignments to items of a tensor."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.slow.asking import Asking, shown
from layergen.forward.slow.vectorised import whole
from layergen.language.collector import clipped


def assignment(asking: Asking, node: ast.Assign) -> None:
    for target in node.targets:
        for part, value in _paired(target, node.value):
            _store(asking, part, value)


def annotated(asking: Asking, node: ast.AnnAssign | ast.AugAssign) -> None:
    _store(asking, node.target, None if isinstance(node, ast.AugAssign) else node.value)


def _paired(
    target: ast.expr, value: ast.expr | None
) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """The parts of a target, each with what it is given where that is written out."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        yield target, value
        return
    parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
    starred = any(isinstance(one, ast.Starred) for one in [*target.elts, *parts])
    paired = len(parts) == len(target.elts) and not starred
    for index, part in enumerate(target.elts):
        yield from _paired(part, parts[index] if paired else None)


def _store(asking: Asking, target: ast.expr, value: ast.expr | None) -> None:
    """Items of a list may be assigned to."""
    if isinstance(target, ast.Subscript) and asking.is_tensor(target.value):
        message = f"assigning to items of the tensor `{shown(target.value)}`"
        hint = "build it whole: `ops.where`, `ops.concatenate`, `ops.slice_update`"
        if vectorised := whole(target, value):
            hint = f"write it whole: `{clipped(vectorised)}`"
        asking.complain("LG502", target, message, hint)
