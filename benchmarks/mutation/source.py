"""The text of a generated module, its syntax tree, and edits of one place in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Edit:
    """Other text for one place, in bytes from the start of the module."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Source:
    """A generated module: its name, which is its file's stem, and its text."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def data(self) -> bytes:
        return self.text.encode()

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.data.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts

    def start(self, node: ast.AST) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.AST) -> int:
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def end_in_parentheses(self, node: ast.AST) -> int:
        """The end of a node in a display, with the parentheses that it stands in."""
        rest = self.data[self.end(node) :]
        closing = re.match(rb"(\s*\))*", rest)
        return self.end(node) + (closing.end() if closing else 0)

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.data[self.start(node) : self.end(node)].decode()

    def put(self, node: ast.AST, new: str) -> Edit:
        """Other text in the place of a node."""
        return Edit(self.start(node), self.end(node), new)

    def applied(self, edit: Edit) -> str:
        """The module's text with an edit made."""
        changed = self.data[: edit.start] + edit.new.encode() + self.data[edit.end :]
        return changed.decode()

    def place(self, edit: Edit) -> tuple[int, int]:
        """Line and column of an edit, both from one."""
        before = self.data[: edit.start]
        return before.count(b"\n") + 1, len(before) - before.rfind(b"\n")

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {
            child: node
            for node in ast.walk(self.tree)
            for child in ast.iter_child_nodes(node)
        }

    def functions(self, *names: str) -> Iterator[ast.FunctionDef]:
        """The functions and methods of these names."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef) and node.name in names:
                yield node

    @cached_property
    def layer(self) -> ast.ClassDef | None:
        """The layer's class, where the module has one."""
        classes = [one for one in self.tree.body if isinstance(one, ast.ClassDef)]
        return classes[0] if classes else None

    @cached_property
    def builders(self) -> list[ast.FunctionDef]:
        """The functions that build a functional model."""
        return [
            one
            for one in self.tree.body
            if isinstance(one, ast.FunctionDef) and "keras.Model(" in self.of(one)
        ]

    def in_builder(self, edit: Edit) -> bool:
        """Whether an edit is in a function that builds a functional model."""
        return any(
            self.start(one) <= edit.start < self.end(one) for one in self.builders
        )

    @cached_property
    def computing(self) -> list[ast.FunctionDef]:
        """Where numbers are computed: `call` and the module's own functions."""
        helpers = [
            one
            for one in self.tree.body
            if isinstance(one, ast.FunctionDef) and one not in self.builders
        ]
        return [*helpers, *self.functions("call", "get_initial_state", "reset_state")]


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and those below it in the order of the text, messages left out.

    The places of nodes inside an f-string are not those of the file, and what raises
    an error is no computation.
    """
    if isinstance(node, ast.JoinedStr) or is_validation(node):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from walk(child)


def bodies(functions: list[ast.FunctionDef]) -> Iterator[ast.AST]:
    """What `walk` finds in the bodies of functions: no decorators, no defaults."""
    for function in functions:
        for statement in function.body:
            if isinstance(statement, ast.FunctionDef):
                yield from bodies([statement])
            else:
                yield from walk(statement)


def is_validation(node: ast.AST) -> bool:
    """Whether a statement only decides whether to raise an error."""
    return isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise)


def is_self(node: ast.AST, name: str | None = None) -> bool:
    """Whether a node is `self.name`; of any name by default."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and name in (None, node.attr)
    )


def called(node: ast.AST, *names: str) -> bool:
    """Whether a node is a call of a function or method whose last name is one of these."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    )
