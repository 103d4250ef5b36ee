"""Arithmetic over known values, worked out by walking the tree: nothing is executed.

Enough of Python for sizes, conditions and derived values: numbers, strings, lists,
names, operators, comparisons, conditional expressions, items and slices, comprehensions,
and the functions of `math` and the builtins below. Everything else, and
every number of unreasonable size, is `Unknown`.

The work is counted: each node that is visited is a step, and so is each item of what it
gives, inner ones too. Whatever is done with a value takes no longer than counting it.
"""

from __future__ import annotations

import ast
import math
import operator
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from layergen.limits import STEPS, VALUE

MAX_EXPONENT = 64
TOO_MUCH = (
    f"with this, the values of the spec take more than {STEPS:,} steps to work out"
)
TOO_MUCH_HINT = "compute what is large in `forward`, with `ops`"

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
    for f in (abs, all, any, bool, enumerate, float, int, len, list, max, min)
    + (reversed, round, sorted, sum, tuple, zip)
}


class Unknown(Exception):
    """The value cannot be worked out from what is known."""


class Failed(Unknown):
    """Python itself, too, cannot compute it with these values: a division by zero."""


class TooMuch(Unknown):
    """Working the value out takes more steps than there are."""


class Budget(Struct):
    """The steps that are left."""

    left: int = STEPS

    def spend(self, steps: int) -> None:
        if steps > self.left:
            self.left = 0
            raise TooMuch(TOO_MUCH)
        self.left -= steps


class _Scope(Struct, frozen=True):
    values: Mapping[str, Any]
    budget: Budget


def evaluate(
    tree: ast.expr, values: Mapping[str, Any], budget: Budget | None = None
) -> Any:
    """The value of an expression, given the values of its names (`x.shape` is one).

    Raises:
        Failed: If working it out fails as it would in Python.
        Unknown: If a name has no value, or the expression uses more of Python than this
            module knows.
        TooMuch: If it takes more steps than the budget has, by default `STEPS`.
    """
    try:
        return _value(tree, _Scope(values, budget or Budget()))
    except (ArithmeticError, ValueError) as error:
        raise Failed(str(error)) from error
    except (AttributeError, LookupError, TypeError) as error:
        raise Unknown(str(error)) from error


def _value(tree: ast.expr, scope: _Scope) -> Any:
    visit = VISIT.get(type(tree))
    if visit is None:
        raise Unknown(ast.unparse(tree))
    value = visit(tree, scope)
    if isinstance(value, (int, float)) and abs(value) > VALUE and value != math.inf:
        raise Unknown("a number past the limit")
    scope.budget.spend(1 + _items(value, scope.budget.left))
    return value


def _items(value: Any, most: int) -> int:
    """How many items a value has, those of its items counted too; not far past `most`."""
    count = 0
    todo = [value]
    while todo and count <= most:
        match todo.pop():
            case str() as text:
                count += len(text)
            case list() | tuple() as items:
                count += len(items)
                todo += items if count <= most else ()
            case dict() as entries:
                count += len(entries)
                todo += entries.values() if count <= most else ()
    return count


def _name(tree: ast.Name, scope: _Scope) -> Any:
    if tree.id not in scope.values:
        raise Unknown(tree.id)
    return scope.values[tree.id]


def _binary(tree: ast.BinOp, scope: _Scope) -> Any:
    left, right = _value(tree.left, scope), _value(tree.right, scope)
    if isinstance(tree.op, ast.Pow):
        if not isinstance(right, (int, float)) or abs(right) > MAX_EXPONENT:
            raise Unknown("a power past the limit")
        return float(left) ** right if isinstance(left, float) else left**right
    if type(tree.op) not in BINARY or isinstance(left, str):
        raise Unknown(ast.unparse(tree))
    if isinstance(tree.op, ast.Mult):
        for items, count in ((left, right), (right, left)):
            if isinstance(items, (str, list, tuple)) and count > 0:
                scope.budget.spend(count * _items(items, scope.budget.left))
    return BINARY[type(tree.op)](left, right)


def _unary(tree: ast.UnaryOp, scope: _Scope) -> Any:
    value = _value(tree.operand, scope)
    if isinstance(tree.op, ast.Not):
        return not value
    return -value if isinstance(tree.op, ast.USub) else +value


def _boolean(tree: ast.BoolOp, scope: _Scope) -> Any:
    stop = isinstance(tree.op, ast.Or)
    value: Any = None
    for operand in tree.values:
        value = _value(operand, scope)
        if bool(value) is stop:
            break
    return value


def _comparison(tree: ast.Compare, scope: _Scope) -> bool:
    left = _value(tree.left, scope)
    for op, comparator in zip(tree.ops, tree.comparators, strict=True):
        right = _value(comparator, scope)
        if not COMPARE[type(op)](left, right):
            return False
        left = right
    return True


def _conditional(tree: ast.IfExp, scope: _Scope) -> Any:
    return _value(tree.body if _value(tree.test, scope) else tree.orelse, scope)


def _sequence(tree: ast.List | ast.Tuple, scope: _Scope) -> Any:
    items: list[Any] = []
    for item in tree.elts:
        if isinstance(item, ast.Starred):
            items += _value(item.value, scope)
        else:
            items.append(_value(item, scope))
    return items if isinstance(tree, ast.List) else tuple(items)


def _attribute(tree: ast.Attribute, scope: _Scope) -> Any:
    if isinstance(tree.value, ast.Name) and tree.attr == "shape":
        return scope.values[f"{tree.value.id}.shape"]
    if isinstance(tree.value, ast.Name) and tree.value.id == "math":
        value = getattr(math, tree.attr)
        if isinstance(value, float):
            return value
    raise Unknown(ast.unparse(tree))


def _slice(tree: ast.Slice, scope: _Scope) -> slice:
    parts = (tree.lower, tree.upper, tree.step)
    return slice(*(part and _value(part, scope) for part in parts))


def _subscript(tree: ast.Subscript, scope: _Scope) -> Any:
    return _value(tree.value, scope)[_value(tree.slice, scope)]


def _call(tree: ast.Call, scope: _Scope) -> Any:
    if tree.keywords:
        raise Unknown(ast.unparse(tree))
    arguments = [_value(argument, scope) for argument in tree.args]
    match tree.func:
        case ast.Name(id="range"):
            return _listed(range(*arguments), scope)
        case ast.Name(id="round" | "sum") if len(arguments) > 1:
            raise Unknown(ast.unparse(tree))
        case ast.Name(id=name) if name in BUILTINS:
            return BUILTINS[name](*arguments)
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if name in MATH:
            return MATH[name](*arguments)
    raise Unknown(ast.unparse(tree))


def _listed(numbers: range, scope: _Scope) -> list[int]:
    scope.budget.spend(len(numbers))
    return list(numbers)


def _comprehension(tree: ast.ListComp | ast.GeneratorExp, scope: _Scope) -> list[Any]:
    return [*_each(tree.elt, tree.generators, scope)]


def _each(
    item: ast.expr, generators: list[ast.comprehension], scope: _Scope
) -> Iterator[Any]:
    """The values that an item takes in the loops of a comprehension."""
    if not generators:
        yield _value(item, scope)
        return
    outermost, *others = generators
    bound: dict[str, Any] = {}
    inner = _Scope(ChainMap(bound, scope.values), scope.budget)  # type: ignore[arg-type]
    for value in _value(outermost.iter, scope):
        scope.budget.spend(1)
        _bind(outermost.target, value, bound)
        if all(_value(condition, inner) for condition in outermost.ifs):
            yield from _each(item, others, inner)


def _bind(target: ast.expr, value: Any, bound: dict[str, Any]) -> None:
    """Give the names of a target their values."""
    if isinstance(target, ast.Name):
        bound[target.id] = value
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one, part in zip(target.elts, value, strict=True):
            _bind(one, part, bound)
    else:
        raise Unknown(ast.unparse(target))


MATH: dict[str, Callable[..., Any]] = {
    name: getattr(math, name)
    for name in (
        "ceil cos exp fabs floor gcd isqrt lcm log log10 log1p log2 prod sin sqrt tan tanh"
    ).split()
}
VISIT: dict[type[ast.expr], Callable[[Any, _Scope], Any]] = {
    ast.Constant: lambda tree, scope: tree.value,
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
    ast.Slice: _slice,
    ast.Call: _call,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
}
