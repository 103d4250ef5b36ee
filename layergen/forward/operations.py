"""What functions of `keras.ops` and `keras.random` make of values, by the tables of Keras."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from layergen.forward.shapes import REST
from layergen.forward.sizes import Poly, RestAxis, size_of
from layergen.forward.values import (
    NOWHERE,
    OPEN,
    DType,
    Items,
    Many,
    Nothing,
    Number,
    RestAxes,
    Text,
    Value,
    there,
    through,
)
from layergen.keras_tables.operations import Operation
from layergen.keras_tables.parameters import UNREACHED


class NotKnown(Exception):
    """An argument whose value is not known."""


def bound(operation: Operation, call: ast.Call) -> dict[str, Any] | None:
    """The nodes of a call's arguments by parameter, a list for what takes the rest.

    None where the call does not show them all, or does not fit.
    """
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    found: dict[str, Any] = {}
    positional = [one for one in operation.parameters if one.how in ("any", "*")]
    for index, node in enumerate(call.args):
        parameter = positional[min(index, len(positional) - 1)] if positional else None
        if parameter is None or (index >= len(positional) and parameter.how != "*"):
            return None
        if parameter.how == "*":
            found.setdefault(parameter.name, []).append(node)
        else:
            found[parameter.name] = node
    named = {one.name for one in operation.parameters if one.how in ("any", "name")}
    for keyword in call.keywords:
        if keyword.arg not in named or keyword.arg in found:
            return None
        found[keyword.arg] = keyword.value
    required = (one.name for one in operation.parameters if one.required)
    return found if all(name in found for name in required) else None


def plain(value: Any, count: int, sizes: bool = False) -> Any:
    """An argument as Python's own value, where `sizes` say so with polynomials in it.

    Raises:
        NotKnown: If it is not known.
    """
    match value:
        case Number(value=Poly() as size) if sizes:
            return size
        case Number(value=int() | float() as number):
            return number
        case Text(value=str() as text):
            return text
        case Nothing():
            return None
        case RestAxes(first=first):
            return tuple(range(first, first + count))
        case Items(items=items):
            found: list[Any] = []
            for one in items:
                if one is REST:
                    found += [size_of(RestAxis(index)) for index in range(count)]
                else:
                    found.append(plain(one, count, sizes))
            return tuple(found)
    raise NotKnown


def tensors(
    operation: Operation, given: Mapping[str, Any], names: tuple[str, ...]
) -> dict[str, list[Value]]:
    """The values that some parameters are given, which are tensors or stand for such."""
    found: dict[str, list[Value]] = {}
    several = operation.several
    for name in names:
        if name not in given:
            continue
        value = given[name]
        if isinstance(value, list):
            found[name] = value
        elif isinstance(value, Items) and name == several and REST not in value.items:
            found[name] = list(value.items)
        elif isinstance(value, Many) and name == several:
            found[name] = [value.element]
        elif not isinstance(there(value), Nothing):
            found[name] = [value]
    return found


def stated(value: Any) -> str | None:
    """The dtype that an argument `dtype` says, None where it says none."""
    match value:
        case DType(name=name):
            return name
        case Text(value=str() as text):
            return text
        case None | Nothing():
            return None
    return OPEN


def smooth(operation: Operation, given: Mapping[str, Any]) -> frozenset[str]:
    """What a result changes smoothly with."""
    unreached = UNREACHED.get(operation.name, ())
    if operation.returns == "static" or (operation.flat and not unreached):
        return NOWHERE
    values = flat(value for name, value in given.items() if name not in unreached)
    return NOWHERE.union(*map(through, values))


def flat(values: Any) -> Iterator[Value]:
    """Values, those of lists one by one."""
    for one in values:
        if isinstance(one, list):
            yield from one
        else:
            yield one
