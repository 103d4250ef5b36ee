"""Small questions about syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.source.code import Code
from layergen.source.walk import nodes

LOOPS = (
    ast.For,
    ast.While,
    ast.Lambda,
    ast.FunctionDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
"""What may run its inside more than once."""


def same_code(one: ast.AST, other: ast.AST) -> bool:
    """Whether two trees are the same code; a name read and one assigned are the same."""
    return _shown(one) == _shown(other)


def blocks(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """A body and every block inside it."""
    yield body
    for statement in body:
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(statement, name, None)
            if isinstance(inner, list) and inner:
                yield from blocks(inner)


def statements(code: Code) -> list[ast.stmt]:
    """The statements of some code; an expression is what it returns."""
    return [ast.Return(value=code.expression)] if code.is_expression else code.body


def names_in(*trees: ast.AST) -> list[ast.Name]:
    """Every name in some trees, in no special order."""
    return [node for node in nodes(trees) if isinstance(node, ast.Name)]


def returns(body: list[ast.stmt]) -> list[ast.Return]:
    """The statements that return from the code itself, not from functions inside it."""
    found: list[ast.Return] = []
    for statement in body:
        if isinstance(statement, ast.Return):
            found.append(statement)
        elif not isinstance(statement, ast.FunctionDef):
            for name in ("body", "orelse", "finalbody"):
                found += returns(getattr(statement, name, []))
    return found


def returned_values(code: Code) -> list[ast.expr]:
    """What code returns."""
    if code.is_expression:
        return [code.expression]
    return [found.value for found in returns(code.body) if found.value]


def _shown(node: ast.AST) -> str:
    return ast.dump(node).replace("Store()", "Load()")
