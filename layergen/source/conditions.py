"""The opposite of a condition, as a person would write it."""

from __future__ import annotations

import ast
from collections.abc import Collection

from layergen.source.code import Code
from layergen.source.rewrite import Bind, source_of
from layergen.source.written import Written

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


def negated(code: Code, bind: Bind, whole: Collection[str] = ()) -> Written:
    """The condition that holds where an expression does not.

    `whole` are the names that stand for integers: for those `<` is the opposite of `>=`,
    which it is not for a NaN. Several lines are held together by parentheses.
    """
    text = _negated(code, bind, whole)
    return Written(f"({text})", text) if "\n" in text else text


def _negated(code: Code, bind: Bind, whole: Collection[str]) -> Written:
    tree = code.expression
    text = source_of(code, bind, {})
    match tree:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            ordered = ORDERED.get(type(op)) if _is_whole(tree, whole) else None
            opposite = ordered or OPPOSITES.get(type(op))
            if opposite:
                sides = text.operand(left), text.operand(right)
                return Written(f" {opposite} ".join(sides), sides)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return text.operand(operand)
        case ast.Name() | ast.Call():
            return Written(f"not {text.rewritten(tree)}", text.rewritten(tree))
    return Written(f"not ({text.rewritten(tree)})", text.rewritten(tree))


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
