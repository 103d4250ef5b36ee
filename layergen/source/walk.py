"""The nodes of syntax trees, without those that only mark what another is.

Those are operators, and whether a name is read or assigned; a tree has one for each use,
and whoever goes through it asks the node that has them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
LEAVES = (ast.Name, ast.Constant)
"""Most nodes of a tree, and those that have none below them."""


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in the order of its fields."""
    if isinstance(node, LEAVES):
        return []
    found: list[ast.AST] = []
    for name in node._fields:
        part = getattr(node, name, None)
        if isinstance(part, ast.AST):
            if not isinstance(part, MARKS):
                found.append(part)
        elif isinstance(part, list):
            found += [one for one in part if isinstance(one, ast.AST)]
    return found


def nodes(trees: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node of some trees, of each those further up first."""
    for tree in trees:
        level = [tree]
        while level:
            yield from level
            level = [child for node in level for child in children(node)]
