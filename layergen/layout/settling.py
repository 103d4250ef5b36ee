"""Statements that are too long for a line, formatted before the text around them.

A formatter goes over a text again where its first pass has changed it. What it would change
is little beside the rest: where that is seen to before, the text arrives as it stays.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from layergen.source.lexing import indented, may_span_lines

Formatted = Callable[[str, int], str]


def settled(text: str, width: int, formatted: Formatted) -> str:
    """Python of which each statement with a line past `width` is `formatted` by itself.

    That is given a statement and the width left for it. What comes out is still to be
    formatted as a whole: nothing rests on what is left out here.
    """
    lines = text.split("\n")
    if max(map(len, lines)) <= width:
        return text
    # From the end, so that the places of earlier ones stay.
    for statement in reversed([*_statements(ast.parse(text).body)]):
        indent = " " * statement.col_offset
        first, last = _span(statement)
        there = lines[first:last]
        piece = "\n".join(line.removeprefix(indent) for line in there)
        if max(map(len, there), default=0) > width and _stands_alone(piece):
            body = "\n    pass" if hasattr(statement, "body") else ""
            made = formatted(piece + body, width - len(indent)).rstrip()
            lines[first:last] = [indented(made.removesuffix(body), indent)]
    return "\n".join(lines)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements and those inside them, in the order of their lines."""
    for statement in body:
        yield statement
        for name in ("body", "orelse"):
            yield from _statements(getattr(statement, name, []))


def _span(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement as a slice has them; of a compound one, its head alone."""
    first, last = _first_line(statement), statement.end_lineno or statement.lineno
    body = getattr(statement, "body", [])
    return first - 1, _first_line(body[0]) - 1 if body else last


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _stands_alone(piece: str) -> bool:
    """Whether a piece is a statement, and not a part of a line or of another statement."""
    return not (piece[:1] in " #" or piece.startswith("elif") or may_span_lines(piece))
