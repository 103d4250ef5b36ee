"""Python text that a user wrote, with the place that it has in the file."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property

from layergen.problems import Place
from layergen.source.scopes import Names, names_of
from layergen.source.walk import nodes


@dataclass(frozen=True)
class Code:
    """Python text of a spec, with the place in the file where each of its lines begins.

    `text` always parses: as one expression where `is_expression`, else as the body of a
    function.
    """

    text: str
    lines: tuple[Place, ...] = field(compare=False)

    @cached_property
    def body(self) -> list[ast.stmt]:
        """The statements; a single `ast.Expr` for an expression."""
        return ast.parse(self.text).body

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the statements, those of a statement together."""
        return tuple(nodes(self.body))

    @cached_property
    def names(self) -> Names:
        """The names that the statements bind and take from outside."""
        return names_of(self.body)

    @property
    def is_expression(self) -> bool:
        return len(self.body) == 1 and isinstance(self.body[0], ast.Expr)

    @property
    def expression(self) -> ast.expr:
        """The expression's tree; only for code where `is_expression`."""
        [statement] = self.body
        assert isinstance(statement, ast.Expr)
        return statement.value

    @cached_property
    def _split(self) -> list[str]:
        return self.text.splitlines()

    def place(self, node: ast.AST) -> Place:
        """The place in the file of a node of `body`."""
        line: int = getattr(node, "lineno", 1)
        text = self._split[line - 1]
        column = len(text.encode()[: getattr(node, "col_offset", 0)].decode())
        start = self.lines[line - 1]
        return Place(start.line, start.column + column)


@dataclass(frozen=True)
class Size:
    """A dimension: an int, a name, or arithmetic (`+ - * //`) on them.

    `text` is in the spacing of `ast.unparse`.
    """

    text: str
    place: Place = field(compare=False)

    @cached_property
    def tree(self) -> ast.expr:
        return ast.parse(self.text, mode="eval").body

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names in it, each once, in order."""
        found = [n.id for n in nodes([self.tree]) if isinstance(n, ast.Name)]
        return tuple(dict.fromkeys(found))

    @property
    def is_name(self) -> bool:
        return isinstance(self.tree, ast.Name)

    def __str__(self) -> str:
        return self.text
