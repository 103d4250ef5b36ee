"""The nodes of syntax trees, without those that only mark what another is.

Those are operators, and whether a name is read or assigned; a tree has one for each use,
and whoever goes through it asks the node that has them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

MARKS = {"ctx", "op", "ops"}
"""The fields that hold what only marks a node."""
PARTS = {
    kind: tuple(name for name in kind._fields if name not in MARKS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
"""The other fields of each kind of node."""
LEAVES = (ast.Name, ast.Constant)
"""Most nodes of a tree, and those that have none below them."""


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, in the order of its fields."""
    if isinstance(node, LEAVES):
        return []
    found: list[ast.AST] = []
    for name in PARTS[type(node)]:
        part = getattr(node, name, None)
        if isinstance(part, list):
            found += [one for one in part if isinstance(one, ast.AST)]
        elif isinstance(part, ast.AST):
            found.append(part)
    return found


def nodes(trees: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node of some trees, of each those further up first."""
    for tree in trees:
        level = [tree]
        while level:
            yield from level
            level = [child for node in level for child in children(node)]
