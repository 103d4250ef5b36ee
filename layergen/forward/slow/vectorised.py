"""What an assignment to items says of the whole tensor: `y[i] = 2 * x[i]`, `y = 2 * x`."""

from __future__ import annotations

import ast
from copy import deepcopy


def whole(target: ast.Subscript, value: ast.expr | None) -> str:
    """The assignment without its loop, or "" where items of other places take part."""
    if value is None or isinstance(value, ast.Starred):
        return ""
    place = ast.dump(target.slice)
    bare = _Bare(place).visit(deepcopy(value))
    indices = {n.id for n in ast.walk(target.slice) if isinstance(n, ast.Name)}
    left = {n.id for n in ast.walk(bare) if isinstance(n, ast.Name)}
    if not indices or indices & left:
        return ""
    return f"{ast.unparse(target.value)} = {ast.unparse(bare)}"


class _Bare(ast.NodeTransformer):
    """Takes away every subscript of one place."""

    def __init__(self, place: str) -> None:
        self.place = place

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        return node.value if ast.dump(node.slice) == self.place else node
