"""Which names of a piece of Python it binds itself, and which come from outside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def free_names(
    body: Iterable[ast.AST], bound: frozenset[str] = frozenset()
) -> Iterator[ast.Name]:
    """The places where a function body reads a name that it does not bind.

    `bound` holds names that are bound from the start, such as parameters. As in Python,
    a name that a function assigns anywhere is its own everywhere in it.
    """
    nodes = list(body)
    inside = bound | {name for node in nodes for name in assigned(node)}
    for node in nodes:
        yield from _free(node, inside)


def assigned(node: ast.AST) -> Iterator[str]:
    """The names that a statement binds in the scope it stands in."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.FunctionDef):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield (alias.asname or alias.name).split(".")[0]
    elif isinstance(node, COMPREHENSIONS):
        for inner in ast.walk(node):
            if isinstance(inner, ast.NamedExpr):
                yield inner.target.id
    elif not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from assigned(child)


def _free(node: ast.AST, bound: frozenset[str]) -> Iterator[ast.Name]:
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id not in bound:
            yield node
    elif isinstance(node, (ast.FunctionDef, ast.Lambda)):
        yield from _free_in_function(node, bound)
    elif isinstance(node, COMPREHENSIONS):
        targets = {n for g in node.generators for n in assigned(g.target)}
        for child in ast.iter_child_nodes(node):
            yield from _free(child, bound | targets)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _free(child, bound)


def _free_in_function(node: Function, bound: frozenset[str]) -> Iterator[ast.Name]:
    arguments = node.args
    for outside in [*arguments.defaults, *arguments.kw_defaults]:
        if outside is not None:
            yield from _free(outside, bound)
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [a for a in (arguments.vararg, arguments.kwarg) if a]
    parameters = bound | {argument.arg for argument in every}
    body = node.body if isinstance(node, ast.FunctionDef) else [node.body]
    yield from free_names(body, parameters)
