"""Statements that specs cannot hold, and hand-written code can: what they leave of names.

What may have happened or not is joined; what is not followed is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from layergen.forward.frames import Names, together
from layergen.forward.interpreter import Interpreter
from layergen.forward.values import UNKNOWN
from layergen.source.scopes import bound_in


def follow(reader: Interpreter, node: ast.stmt) -> bool:
    """Go through such a statement; False for what is none."""
    match node:
        case ast.With():
            _with(reader, node)
        case ast.Try() | ast.TryStar():
            _try(reader, node)
        case ast.Match():
            _match(reader, node)
        case ast.Delete() | ast.ClassDef() | ast.AsyncFunctionDef():
            _forget(reader, [node])
        case ast.AsyncFor() | ast.AsyncWith():
            _forget(reader, [node])
        case _:
            return False
    return True


def _with(reader: Interpreter, node: ast.With) -> None:
    """Its body may end early: some contexts catch what is raised in it."""
    for item in node.items:
        reader.value(item.context_expr)
        if item.optional_vars:
            reader.bind(item.optional_vars, UNKNOWN)
    before = dict(_names(reader))
    reader.block(node.body)
    reader.frame.names = together(before, reader.frame.names)


def _try(reader: Interpreter, node: ast.Try | ast.TryStar) -> None:
    """Its body may end anywhere; what it binds is unknown to those who catch."""
    before = dict(_names(reader))
    reader.block(node.body)
    after = reader.frame.names
    caught = together(before, after) or {}
    caught |= dict.fromkeys(bound_in(node.body), UNKNOWN)
    if after is not None:
        reader.block(node.orelse)
    ways = [reader.frame.names]
    for handler in node.handlers:
        reader.frame.names = dict(caught)
        if handler.name:
            reader.frame.names[handler.name] = UNKNOWN
        reader.block(handler.body)
        ways.append(reader.frame.names)
    reader.frame.names = together(*ways)
    if reader.frame.names is None and node.finalbody:
        # It runs on the way out.
        reader.frame.names = caught
        reader.block(node.finalbody)
        reader.frame.names = None
    else:
        reader.block(node.finalbody)


def _match(reader: Interpreter, node: ast.Match) -> None:
    reader.value(node.subject)
    before = dict(_names(reader))
    ways: list[Names | None] = [before]
    for case in node.cases:
        reader.frame.names = dict(before)
        _forget(reader, [case.pattern])
        if case.guard:
            reader.value(case.guard)
        reader.block(case.body)
        ways.append(reader.frame.names)
    reader.frame.names = together(*ways)


def _forget(reader: Interpreter, nodes: Iterable[ast.AST]) -> None:
    """What the nodes bind is unknown."""
    reader.frame.names = _names(reader) | dict.fromkeys(bound_in(nodes), UNKNOWN)


def _names(reader: Interpreter) -> Names:
    names = reader.frame.names
    assert names is not None
    return names
