"""Operators on numbers of Python's, sizes among them, and on lists."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from layergen.forward import shapes
from layergen.forward.sizes import Poly, bounded, surely_differ
from layergen.forward.values import (
    Items,
    Many,
    Number,
    Value,
    fits,
    like_any,
    listed,
)

OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


BITS = (ast.BitAnd, ast.BitOr, ast.BitXor)
GREATEST = 2**64


def numbers(op: ast.AST, one: Number, other: Number) -> Number:
    """An operator between numbers of Python's, sizes among them."""
    late = max(one.late, other.late)
    if isinstance(op, ast.cmpop):
        return Number("bool", _computed(op, one.value, other.value, "bool"), late)
    types = {one.type, other.type}
    if isinstance(op, ast.Div):
        kind = "float" if "" not in types or "float" in types else ""
    elif isinstance(op, ast.Pow):
        whole = types <= {"int", "bool"}
        sure = isinstance(other.value, int) and other.value >= 0
        kind = "int" if whole and sure else "float" if "float" in types else ""
    elif isinstance(op, BITS) and types == {"bool"}:
        kind = "bool"
    else:
        kind = "float" if "float" in types else "" if "" in types else "int"
    return Number(kind, _computed(op, one.value, other.value, kind), late)


def _computed(op: ast.AST, one: Any, other: Any, kind: str) -> Any:
    """The value, where it is plain to compute."""
    function = OPERATORS.get(type(op))
    if function is None or one is None or other is None:
        return None
    if isinstance(one, Poly) or isinstance(other, Poly):
        if isinstance(op, ast.Pow) and isinstance(other, int) and 0 <= other <= 4:
            found: Any = 1
            for _ in range(other):
                found = None if found is None else bounded(found * one)
            return found
        if isinstance(op, (ast.Eq, ast.NotEq)):
            apart = surely_differ(one, other)
            equal = one == other
            known = apart or equal
            return equal is isinstance(op, ast.Eq) if known else None
        sums = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)
        if kind != "int" or not isinstance(op, sums):
            return None
    if isinstance(op, ast.Pow) and (abs(other) > 64 or abs(one) > GREATEST):
        return None
    try:
        found = function(one, other)
    except (ArithmeticError, TypeError, ValueError):
        return None
    if isinstance(found, Poly):
        return bounded(found)
    whole = isinstance(found, (int, float)) and not isinstance(found, bool)
    return None if whole and abs(found) > GREATEST else found


def sequences(op: ast.AST, one: Value, other: Value) -> Value | None:
    """Lists put one behind the other, or repeated."""
    match op, one, other:
        case ast.Add(), Items(), Items():
            both = (*one.items, *other.items)
            if both.count(shapes.REST) < 2 and fits(both):
                return Items(both, max(one.late, other.late))
        case ast.Mult(), Items(), Number(value=int(count)) if (
            count * len(one.items) <= 64 and shapes.REST not in one.items
        ) and fits(one.items * count):
            return Items(one.items * count)
        case ast.Mult(), Number(), Items() | Many():
            return sequences(op, other, one)
    left, right = listed(one), listed(other)
    if isinstance(op, ast.Add) and left and right:
        element = like_any([left.element, right.element])
        return Many(element, some=left.some or right.some)
    if isinstance(op, ast.Mult) and left and isinstance(other, Number):
        return Many(left.element)
    return None
