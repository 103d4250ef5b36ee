"""Spec code to method code: names bound, everything else as it was written.

The text is edited in place by the positions of its syntax tree, so that the user's
spacing, comments and parentheses survive.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

from layergen.spec.model import Code, Size
from layergen.spec.scopes import names_of

Bind = Callable[[str], str]
Edit = tuple[int, int, str]

OPPOSITES: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
ORDERED: dict[type[ast.cmpop], str] = {
    ast.Lt: ">=",
    ast.LtE: ">",
    ast.Gt: "<=",
    ast.GtE: "<",
}


@dataclass(frozen=True)
class Source:
    """Python text with what is to change in it.

    `bind` gives the text that stands for a name which the code does not bind itself (the
    nodes in `free`), or for its shape (asked for as `x.shape`); `around` gives what goes
    before and after an expression; `matmul` is called for `@`, which stays where it is "".
    """

    text: str
    bind: Bind
    free: frozenset[ast.Name]
    around: dict[ast.expr, tuple[str, str]]
    matmul: str = "ops.matmul"

    def rewritten(self, node: ast.AST) -> str:
        """The text of a node after rewriting."""
        start, end = self._span(node)
        return self._patched(start, end, self._edits(node))

    def whole(self, body: list[ast.stmt]) -> str:
        """All of the text after rewriting the statements in it, comments included."""
        edits = [edit for statement in body for edit in self._edits(statement)]
        return self._patched(0, len(self.text), edits)

    def _edits(self, node: ast.AST) -> Iterator[Edit]:
        if isinstance(node, ast.expr) and node in self.around:
            before, after = self.around[node]
            inner = replace(self, around={})
            yield *self._span(node), before + inner.rewritten(node) + after
        elif isinstance(node, ast.Name):
            if node in self.free:
                yield *self._span(node), self.bind(node.id)
        elif (owner := _shape_owner(node)) and owner in self.free:
            yield *self._span(node), self.bind(f"{owner.id}.shape")
        elif self.matmul and _is_matmul(node):
            left, right = self.rewritten(node.left), self.rewritten(node.right)
            yield *self._span(node), f"{self.matmul}({left}, {right})"
        elif not isinstance(node, ast.JoinedStr):
            for child in ast.iter_child_nodes(node):
                yield from self._edits(child)

    def _patched(self, start: int, end: int, edits: Iterator[Edit] | list[Edit]) -> str:
        pieces, at = [], start
        for first, last, text in sorted(edits):
            pieces += [self.text[at:first], text]
            at = last
        return "".join([*pieces, self.text[at:end]])

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """The offsets in `text`, in characters, of a node."""
        lines = self.text.splitlines(keepends=True)

        def offset(line: int, column: int) -> int:
            before = sum(len(text) for text in lines[: line - 1])
            return before + len(lines[line - 1].encode()[:column].decode())

        return (
            offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )


def expression(code: Code, bind: Bind) -> str:
    """An expression with its names bound."""
    return _source(code, bind, {}).rewritten(code.expression)


def sized(size: Size, bind: Bind) -> str:
    """A dimension with its names bound."""
    return expression(Code(size.text, ()), bind)


def negated(code: Code, bind: Bind, whole: Collection[str] = ()) -> str:
    """The condition that holds where an expression does not.

    `whole` are the names that stand for integers: for those `<` is the opposite of `>=`,
    which it is not for a NaN.
    """
    tree = code.expression
    text = _source(code, bind, {})
    match tree:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            ordered = ORDERED.get(type(op)) if _is_whole(tree, whole) else None
            opposite = ordered or OPPOSITES.get(type(op))
            if opposite:
                return f"{text.rewritten(left)} {opposite} {text.rewritten(right)}"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return text.rewritten(operand)
        case ast.Name() | ast.Call():
            return f"not {text.rewritten(tree)}"
    return f"not ({text.rewritten(tree)})"


def numpy_body(code: Code, bind: Bind) -> str:
    """Code as the body of a function of NumPy arrays: `@` stays."""
    return _function_body(code, bind, "{}", "")


def function_body(code: Code, bind: Bind, wrap: str = "{}") -> str:
    """Code as the body of a function, which returns each value as `wrap` formats it."""
    return _function_body(code, bind, wrap, "ops.matmul")


def _function_body(code: Code, bind: Bind, wrap: str, matmul: str) -> str:
    before, after = wrap.split("{}")
    if code.is_expression:
        around = {code.expression: ("return " + before, after)}
    else:
        around = {value: (before, after) for value in returned(code.body)}
    return replace(_source(code, bind, around), matmul=matmul).whole(code.body)


def returned(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """The values that the code itself returns, not those of functions inside it."""
    for statement in body:
        if isinstance(statement, ast.Return) and statement.value:
            yield statement.value
        elif not isinstance(statement, ast.FunctionDef):
            blocks = [getattr(statement, name, []) for name in ("body", "orelse")]
            yield from returned([inner for block in blocks for inner in block])


def indented(text: str, indent: str) -> str:
    """Python text moved to the right, the insides of its string literals left alone."""
    inside: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            inside |= set(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    lines = text.splitlines()
    return "\n".join(
        indent + line if line.strip() and number not in inside else line
        for number, line in enumerate(lines, 1)
    )


def _source(code: Code, bind: Bind, around: dict[ast.expr, tuple[str, str]]) -> Source:
    return Source(code.text, bind, frozenset(names_of(code.body).free), around)


def _is_whole(tree: ast.expr, whole: Collection[str]) -> bool:
    """Whether every value in an expression is an integer."""
    return all(
        isinstance(node, ast.Name)
        and node.id in whole
        or isinstance(node, ast.Constant)
        and type(node.value) is int
        or isinstance(node, (ast.Compare, ast.BinOp, ast.operator, ast.cmpop, ast.Load))
        and not isinstance(node, (ast.Div, ast.Pow))
        for node in ast.walk(tree)
    )


def _is_matmul(node: ast.AST) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)


def _shape_owner(node: ast.AST) -> ast.Name | None:
    """`x` for `x.shape`."""
    match node:
        case ast.Attribute(value=ast.Name() as owner, attr="shape"):
            return owner
    return None
