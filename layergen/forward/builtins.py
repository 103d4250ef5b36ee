"""What Python's builtins and `math` give."""

from __future__ import annotations

import ast
import math
from functools import reduce
from typing import Any

from layergen.forward import arithmetic, shapes
from layergen.forward.findings import Reader
from layergen.forward.late import Late
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Items,
    Many,
    Number,
    Tensor,
    Text,
    Unknown,
    Value,
    listed,
    there,
    through,
)

WHOLE = ("ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "trunc")
LONGEST = 64


def call(
    reader: Reader,
    node: ast.Call,
    name: str,
    given: list[Value],
    named: dict[str, Value],
) -> Value:
    """What a builtin gives."""
    smooth = NOWHERE.union(*map(through, (*given, *named.values())))
    first = there(given[0]) if given else UNKNOWN
    match name:
        case "len":
            return _length(first)
        case "range":
            return _range(given)
        case "enumerate":
            return _enumerated(first)
        case "zip":
            return _zipped(given)
        case "list" | "tuple" | "sorted" | "reversed":
            return _listed(name, first, bool(given))
        case "int" | "float" | "bool":
            kept = name == "int" and isinstance(first, Number) and first.type == "int"
            return first if kept else _converted(name, first)
        case "abs" | "round":
            return _kept(first, whole=name == "round" and len(given) == 1)
        case "sum" | "min" | "max":
            return _gathered(reader, node, name, given)
        case "isinstance" | "any" | "all":
            return Number("bool")
        case "str" | "repr":
            return Text()
    return Unknown(smooth | handed(reader, [*given, *named.values()]))


def handed(reader: Reader, values: list[Value]) -> frozenset[str]:
    """What functions change smoothly with that are handed to something unknown: they are
    gone through as if it called them with anything."""
    smooth = NOWHERE
    for one in values:
        if isinstance(one, Function):
            count = len(one.node.args.args)
            smooth |= through(reader.call_function(one, [UNKNOWN] * count, {}))
    return smooth


def _length(value: Value) -> Number:
    match value:
        case Items(items=items) if shapes.REST not in items:
            return Number("int", len(items))
        case Many(length=length):
            return Number("int", length)
        case Tensor(shape=tuple() as shape) if shape and shape[0] is not shapes.REST:
            return Number("int", shape[0])
    return Number("int")


def _range(given: list[Value]) -> Value:
    """Integers; few of which both ends are known stand one by one."""
    sizes = [one.size if isinstance(one, Number) else None for one in map(there, given)]
    if all(isinstance(one, int) for one in sizes) and 0 < len(sizes) <= 3:
        if len(sizes) == 3 and sizes[2] == 0:
            return Many(Number("int"))
        over = range(*sizes)  # type: ignore[arg-type]
        if len(over) <= LONGEST:
            return Items(tuple(Number("int", one) for one in over))
        return Many(Number("int"), len(over), some=True)
    late = max(
        (one.late for one in given if isinstance(one, Number)), default=Late.NEVER
    )
    length = sizes[0] if len(sizes) == 1 else None
    return Many(Number("int", None, late), length)


def _enumerated(value: Value) -> Value:
    if isinstance(value, Items) and shapes.REST not in value.items:
        pairs = enumerate(value.items)
        return Items(tuple(Items((Number("int", i), one)) for i, one in pairs))
    many = listed(value)
    if many is None:
        return Many(Items((Number("int"), Unknown(through(value)))))
    return Many(Items((Number("int"), many.element)), many.length, many.some)


def _zipped(given: list[Value]) -> Value:
    values = [there(one) for one in given]
    if values and all(
        isinstance(one, Items) and shapes.REST not in one.items for one in values
    ):
        groups = zip(*(one.items for one in values), strict=False)  # type: ignore[union-attr]
        return Items(tuple(Items(tuple(group)) for group in groups))
    parts = [listed(one) or Many(Unknown(through(one))) for one in values]
    some = all(one.some for one in parts) and bool(parts)
    lengths = {one.length for one in parts}
    length = lengths.pop() if len(lengths) == 1 else None
    return Many(Items(tuple(one.element for one in parts)), length, some)


def _listed(name: str, value: Value, has_item: bool) -> Value:
    if not has_item:
        return Items(())
    if isinstance(value, Items):
        if name in ("list", "tuple"):
            return value
        if name == "reversed":
            return Items(value.items[::-1])
    return listed(value) or Many(Unknown(through(value)))


def _converted(name: str, value: Value) -> Number:
    known: Any = None
    if isinstance(value, Number) and isinstance(value.value, (int, float)):
        try:
            known = {"int": int, "float": float, "bool": bool}[name](value.value)
        except (ArithmeticError, ValueError):
            known = None
    return Number(name, known)


def _kept(value: Value, whole: bool) -> Value:
    """The same but for the value itself; `whole` where a float becomes an integer."""
    if isinstance(value, Number):
        kind = "int" if value.type == "bool" or (whole and value.type) else value.type
        return Number(kind, None, value.late)
    if isinstance(value, Tensor) and not whole:
        return Tensor(value.shape, value.dtype, value.through)
    return Unknown(through(value))


def _gathered(reader: Reader, node: ast.Call, name: str, given: list[Value]) -> Value:
    """The sum, least or greatest of some values."""
    smooth = NOWHERE.union(*map(through, given))
    if len(given) == 1 or name == "sum":
        items = given[:1]
        if isinstance(items[0] if items else None, Items):
            items = [one for one in given[0].items if one is not shapes.REST]  # type: ignore[union-attr]
        else:
            many = listed(there(given[0])) if given else None
            items = [many.element, many.element] if many else [Unknown(smooth)]
    else:
        items = given
    values = [there(one) for one in items]
    if all(isinstance(one, Number) for one in values):
        kinds = {one.type for one in values}  # type: ignore[union-attr]
        late = max((one.late for one in values), default=Late.NEVER)  # type: ignore[union-attr]
        known = [one.value for one in values]  # type: ignore[union-attr]
        kind = kinds.pop() if len(kinds) == 1 else ""
        plain = all(type(one) in (int, float) for one in known) and known
        function = {"sum": sum, "min": min, "max": max}[name]
        exact = plain and isinstance(given[0] if given else None, Items)
        exact = exact or (plain and len(given) > 1 and name != "sum")
        return Number(kind, function(known) if exact else None, late)  # type: ignore[operator]
    if name == "sum" and values and all(isinstance(one, Tensor) for one in values):
        return reduce(
            lambda one, other: arithmetic.combined(
                reader, node, ast.Add(), (one, other), (None, None)
            ),
            values,
        )
    return Unknown(smooth)


def of_math(name: str, given: list[Value]) -> Number:
    """What a function of `math` gives."""
    kind = "int" if name in WHOLE else "float"
    if name == "prod":
        kind = ""
    if name.startswith("is") and name != "isqrt":
        kind = "bool"
    known: Any = None
    values = [one.value if isinstance(one, Number) else None for one in given]
    if values and all(isinstance(one, (int, float)) for one in values):
        bounded = all(abs(one) < 1e6 for one in values)  # type: ignore[arg-type]
        cheap = name in ("sqrt", "log", "log2", "log10", "exp", "sin", "cos", "tanh")
        if bounded and (cheap or name in ("ceil", "floor")):
            try:
                known = getattr(math, name)(*values)
            except (ArithmeticError, TypeError, ValueError):
                known = None
    return Number(kind, known)
