"""Arithmetic over known values, worked out by walking the tree: nothing is executed.

Enough of Python for sizes, conditions and derived values: numbers, strings, lists,
names, operators, comparisons, conditional expressions, list comprehensions over ranges
and lists, and the functions of `math` and the builtins below. Everything else, and
every result of unreasonable size, is `Unknown`.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

LIMIT = 10**9
MAX_ITEMS = 4096
COMPREHENSIONS = (ast.ListComp, ast.GeneratorExp)

BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}
BUILTINS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (abs, all, any, bool, float, int, len, list, max, min, round, sorted, sum)
}


class Unknown(Exception):
    """The value cannot be worked out from what is known."""


class Failed(Unknown):
    """Python itself, too, cannot compute it with these values: a division by zero."""


def evaluate(tree: ast.expr, values: Mapping[str, Any]) -> Any:
    """The value of an expression, given the values of its names (`x.shape` is one).

    Raises:
        Failed: If working it out fails as it would in Python.
        Unknown: If a name has no value, or the expression uses more of Python than this
            module knows.
    """
    try:
        return _value(tree, values)
    except (ArithmeticError, ValueError) as error:
        raise Failed(str(error)) from error
    except (AttributeError, LookupError, TypeError) as error:
        raise Unknown(str(error)) from error


def _value(tree: ast.expr, values: Mapping[str, Any]) -> Any:
    visit = VISIT.get(type(tree))
    if visit is None:
        raise Unknown(ast.unparse(tree))
    return _limited(visit(tree, values))


def _limited(value: Any) -> Any:
    if isinstance(value, (int, float)) and abs(value) > LIMIT and value != math.inf:
        raise Unknown("a number past the limit")
    if isinstance(value, (str, list, tuple)) and len(value) > MAX_ITEMS:
        raise Unknown("a sequence past the limit")
    return value


def _name(tree: ast.Name, values: Mapping[str, Any]) -> Any:
    if tree.id not in values:
        raise Unknown(tree.id)
    return values[tree.id]


def _binary(tree: ast.BinOp, values: Mapping[str, Any]) -> Any:
    left, right = _value(tree.left, values), _value(tree.right, values)
    if isinstance(tree.op, ast.Pow):
        if not isinstance(right, (int, float)) or abs(right) > 64:
            raise Unknown("a power past the limit")
        return float(left) ** right if isinstance(left, float) else left**right
    if type(tree.op) not in BINARY or isinstance(left, str):
        raise Unknown(ast.unparse(tree))
    if isinstance(tree.op, ast.Mult):
        for items, count in ((left, right), (right, left)):
            if isinstance(items, (str, list, tuple)) and count * len(items) > MAX_ITEMS:
                raise Unknown("a sequence past the limit")
    return BINARY[type(tree.op)](left, right)


def _unary(tree: ast.UnaryOp, values: Mapping[str, Any]) -> Any:
    value = _value(tree.operand, values)
    if isinstance(tree.op, ast.Not):
        return not value
    return -value if isinstance(tree.op, ast.USub) else +value


def _boolean(tree: ast.BoolOp, values: Mapping[str, Any]) -> Any:
    stop = isinstance(tree.op, ast.Or)
    value: Any = None
    for operand in tree.values:
        value = _value(operand, values)
        if bool(value) is stop:
            break
    return value


def _comparison(tree: ast.Compare, values: Mapping[str, Any]) -> bool:
    left = _value(tree.left, values)
    for op, comparator in zip(tree.ops, tree.comparators, strict=True):
        right = _value(comparator, values)
        if not COMPARE[type(op)](left, right):
            return False
        left = right
    return True


def _conditional(tree: ast.IfExp, values: Mapping[str, Any]) -> Any:
    return _value(tree.body if _value(tree.test, values) else tree.orelse, values)


def _sequence(tree: ast.List | ast.Tuple, values: Mapping[str, Any]) -> Any:
    items = [_value(item, values) for item in tree.elts]
    return items if isinstance(tree, ast.List) else tuple(items)


def _attribute(tree: ast.Attribute, values: Mapping[str, Any]) -> Any:
    if isinstance(tree.value, ast.Name) and tree.attr == "shape":
        return values[f"{tree.value.id}.shape"]
    if isinstance(tree.value, ast.Name) and tree.value.id == "math":
        value = getattr(math, tree.attr)
        if isinstance(value, float):
            return value
    raise Unknown(ast.unparse(tree))


def _subscript(tree: ast.Subscript, values: Mapping[str, Any]) -> Any:
    if isinstance(tree.slice, ast.Slice):
        raise Unknown(ast.unparse(tree))
    return _value(tree.value, values)[_value(tree.slice, values)]


def _call(tree: ast.Call, values: Mapping[str, Any]) -> Any:
    if tree.keywords:
        raise Unknown(ast.unparse(tree))
    arguments = [_value(argument, values) for argument in tree.args]
    match tree.func:
        case ast.Name(id="range"):
            return _limited(list(_bounded_range(*arguments)))
        case ast.Name(id="round" | "sum") if len(arguments) > 1:
            raise Unknown(ast.unparse(tree))
        case ast.Name(id=name) if name in BUILTINS:
            return BUILTINS[name](*arguments)
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if name in MATH:
            return MATH[name](*arguments)
    raise Unknown(ast.unparse(tree))


def _bounded_range(*arguments: int) -> range:
    numbers = range(*arguments)
    if len(numbers) > MAX_ITEMS:
        raise Unknown("a range past the limit")
    return numbers


def _comprehension(
    tree: ast.ListComp | ast.GeneratorExp, values: Mapping[str, Any]
) -> list[Any]:
    generator, *more = tree.generators
    if more:
        raise Unknown(ast.unparse(tree))
    parts = [tree.elt, *generator.ifs]
    if any(isinstance(n, COMPREHENSIONS) for part in parts for n in ast.walk(part)):
        raise Unknown("loops inside a loop")
    if not isinstance(generator.target, ast.Name):
        raise Unknown(ast.unparse(tree))
    found = []
    for item in _value(generator.iter, values):
        inner = {**values, generator.target.id: item}
        if all(_value(condition, inner) for condition in generator.ifs):
            found.append(_value(tree.elt, inner))
    return found


MATH: dict[str, Callable[..., Any]] = {
    name: getattr(math, name)
    for name in (
        "ceil cos exp fabs floor gcd isqrt lcm log log10 log1p log2 prod sin sqrt tan tanh"
    ).split()
}
VISIT: dict[type[ast.expr], Callable[[Any, Mapping[str, Any]], Any]] = {
    ast.Constant: lambda tree, values: tree.value,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _comparison,
    ast.IfExp: _conditional,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
}
