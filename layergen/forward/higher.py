"""Functions of `keras.ops` that take Python functions, which are gone through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from layergen.forward import operations
from layergen.forward.findings import Reader
from layergen.forward.late import Late
from layergen.forward.shapes import REST
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Items,
    Nothing,
    Number,
    SpecFunction,
    Tensor,
    Unknown,
    Value,
    joined,
    there,
    through,
)
from layergen.keras_tables.gaps import LOOPS
from layergen.keras_tables.operations import Operation

ROUNDS = 4
"""Of a loop whose values are not the same after a round as before it."""

COUNT = Number("int", late=Late.SURELY)
"""A number that a loop counts: a tensor in graphs."""


def result(reader: Reader, found: Operation, given: Mapping[str, Any]) -> Value:
    """What such a function gives, with what its functions make of its other arguments."""
    rule = RULES.get(found.name)
    loops = found.name in LOOPS
    reader.looping += loops
    value = rule(reader, given) if rule is not None else None
    value = _unknown(reader, given) if value is None else value
    reader.looping -= loops
    return value


def _unknown(reader: Reader, given: Mapping[str, Any]) -> Value:
    """Anything; what the functions are given may be any part of the rest."""
    values = [*operations.flat(given.values())]
    called = [one for one in values if isinstance(one, (Function, SpecFunction))]
    others = [one for one in values if one not in called]
    part = Unknown(NOWHERE.union(*map(through, others)))
    results = [reader.call_with(one, part) for one in called]
    return Unknown(NOWHERE.union(*map(through, [*others, *results])))


def _call(reader: Reader, function: Value, given: list[Value]) -> Value | None:
    if isinstance(function, SpecFunction):
        return reader.call_spec_function(function.name, given, {})
    if isinstance(function, Function):
        return reader.call_function(function, given, {})
    return None


def _cond(reader: Reader, given: Mapping[str, Any]) -> Value | None:
    ways = [_call(reader, given.get(n, UNKNOWN), []) for n in ("true_fn", "false_fn")]
    one, other = ways
    return None if one is None or other is None else joined(one, other)


def _each(reader: Reader, given: Mapping[str, Any]) -> Value | None:
    """What a function makes of each part along the first axis."""
    function = given.get("f", given.get("function", UNKNOWN))
    whole = given.get("xs", given.get("elements"))
    part, length = _part(whole)
    if part is None:
        return None
    found = _call(reader, function, [part])
    return None if found is None else _stacked(found, length)


def _part(value: Value | None) -> tuple[Value | None, Any]:
    """A part of a tensor, or of each of several, with how many there are."""
    match value:
        case Tensor(shape=shape) as one:
            known = isinstance(shape, tuple) and shape and shape[0] is not REST
            inner = shape[1:] if known else None  # type: ignore[index]
            return Tensor(inner, one.dtype, one.through, one.origins), (
                shape[0] if known else None  # type: ignore[index]
            )
        case Items(items=items) if items and REST not in items:
            parts = [_part(one) for one in items]
            inner_parts = tuple(part for part, _ in parts if part is not None)
            if len(inner_parts) == len(parts):
                return Items(inner_parts), parts[0][1]
    return None, None


def _stacked(value: Value, length: Any) -> Value:
    """What is made of every part, one behind the other."""
    match value:
        case Tensor(shape=tuple() as shape) as one:
            return Tensor((length, *shape), one.dtype, one.through, one.origins)
        case Tensor() as one:
            return one
        case Items(items=items) if REST not in items:
            return Items(tuple(_stacked(one, length) for one in items))
    return Unknown(through(value))


def _as_state(value: Value) -> Value:
    """What a loop begins with: a number becomes a tensor in graphs."""
    match value:
        case Number(type=kind):
            return Number(kind, late=Late.SURELY)
        case Items(items=items) if REST not in items:
            return Items(tuple(map(_as_state, items)))
    return value


def _settled(state: Value, step: Callable[[Value], Value | None]) -> Value | None:
    """What a loop leaves: any number of steps, or none."""
    for _ in range(ROUNDS):
        after = step(state)
        if after is None:
            return None
        further = joined(state, after)
        if further == state:
            return state
        state = further
    return None


def _while(reader: Reader, given: Mapping[str, Any]) -> Value | None:
    begin = _as_state(there(given.get("loop_vars", UNKNOWN)))
    several = isinstance(begin, Items)
    if not isinstance(begin, (Items, Tensor)):
        return None

    def step(state: Value) -> Value | None:
        parts = [*state.items] if isinstance(state, Items) else [state]
        if several and not isinstance(state, Items):
            return None
        _call(reader, given.get("cond", UNKNOWN), parts)
        return _call(reader, given.get("body", UNKNOWN), parts)

    return _settled(begin, step)


def _for(reader: Reader, given: Mapping[str, Any]) -> Value | None:
    begin = _as_state(there(given.get("init_val", UNKNOWN)))
    body = given.get("body_fun", UNKNOWN)
    if not isinstance(begin, (Items, Tensor)):
        return None
    return _settled(begin, lambda state: _call(reader, body, [COUNT, state]))


def _scan(reader: Reader, given: Mapping[str, Any]) -> Value | None:
    begin = _as_state(there(given.get("init", UNKNOWN)))
    over = given.get("xs", Nothing())
    part, length = (over, None) if isinstance(over, Nothing) else _part(over)
    if part is None or not isinstance(begin, (Items, Tensor)):
        return None
    made: list[Value] = []

    def step(state: Value) -> Value | None:
        match _call(reader, given.get("f", UNKNOWN), [state, part]):
            case Items(items=(carry, out)):
                made.append(out)
                return carry  # type: ignore[no-any-return]
        return None

    end = _settled(begin, step)
    if end is None or not made:
        return None
    out = made[0]
    for one in made[1:]:
        out = joined(out, one)
    return Items((end, _stacked(out, length)))


RULES: dict[str, Callable[[Reader, Mapping[str, Any]], Value | None]] = {
    "cond": _cond,
    "fori_loop": _for,
    "map": _each,
    "scan": _scan,
    "vectorized_map": _each,
    "while_loop": _while,
}
