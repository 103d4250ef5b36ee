"""The shapes that functions of `keras.ops` and `keras.random` give."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from layergen.forward import shapes
from layergen.forward.operations import NotKnown, plain
from layergen.forward.shapes import REST, Narrow
from layergen.forward.sizes import Dim, bounded
from layergen.forward.values import (
    Items,
    Many,
    Maybe,
    Number,
    RestAxes,
    Tensor,
    there,
)
from layergen.keras_tables.operations import Operation
from layergen.keras_tables.parameters import OF_SIZES


def shape(operation: Operation, given: Mapping[str, Any]) -> Any:
    """The shape of a result, or a list of them, None where it is not known."""
    if operation.kind in ("unknown", "higher"):
        return None
    asked = operation.asked
    needed = {n: v for n, v in given.items() if asked is None or n in asked}
    if operation.is_elementwise:
        parts = [tensor_shape(value) for value in needed.values()]
        return shapes.broadcast(*parts)[0] if parts else None
    if operation.keeps_shape and len(needed) == 1:
        # Without an axis to go along, some of these make one.
        return tensor_shape(next(iter(needed.values()))) or None

    many = needed.get(operation.several)
    if isinstance(many, Many):
        return _of_many(operation, needed, many)

    def rule(count: int) -> Any:
        arguments = {
            name: (
                _dims(value, count, name == operation.several)
                if name in operation.shaped
                else plain(value, count, name in OF_SIZES)
            )
            for name, value in needed.items()
            if name != "dtype"
        }
        return operation.result_shape(arguments)

    has_rest = any(map(_has_rest, needed.values()))
    try:
        return shapes.at_any_rank(rule, has_rest)
    except NotKnown:
        return _narrowed(operation, needed)


def _narrowed(operation: Operation, given: Mapping[str, Any]) -> shapes.Shape:
    """What is left where some axes, nobody knows which, become one entry each."""
    if not operation.reduces or given.get("keepdims") != Number("bool", True):
        return None
    shape = tensor_shape(given[operation.tensors[0]])
    return Narrow(shape) if isinstance(shape, tuple) else None


def _of_many(operation: Operation, given: Mapping[str, Any], many: Many) -> Any:
    """The shape that any number of tensors of one shape give: with each the sizes of the
    result grow by the same."""
    one, two = (
        shape(operation, {**given, operation.several: Items((many.element,) * count)})
        for count in (1, 2)
    )
    if not isinstance(one, tuple) or not isinstance(two, tuple) or len(one) != len(two):
        return None
    return tuple(map(partial(_grown, many.length), one, two))


def _grown(length: Dim, one: Any, two: Any) -> Any:
    """A size of the result of `length` tensors, by that of one and that of two."""
    if one == two:
        return one
    if one is None or two is None or length is None:
        return None
    try:
        return bounded(one + (two - one) * (length - 1))
    except ValueError:
        return None


def tensor_shape(value: Any) -> shapes.Shape:
    if isinstance(value, list):
        return None
    value = there(value)
    if isinstance(value, Tensor):
        return value.shape
    if isinstance(value, Number):
        return ()
    if isinstance(value, Items):
        return _of_numbers(value)
    if isinstance(value, Many) and isinstance(value.element, (Number, Many)):
        inner = tensor_shape(value.element)
        return (value.length, *inner) if isinstance(inner, tuple) else None
    return None


def _of_numbers(value: Items) -> shapes.Shape:
    """The shape of the tensor that a list of numbers stands for."""
    if REST in value.items or not value.items:
        return None
    inner = {tensor_shape(one) for one in value.items}
    if len(inner) != 1:
        return None
    [first] = inner
    return (len(value.items), *first) if isinstance(first, tuple) else None


def _dims(value: Any, count: int, several: bool = False) -> Any:
    """The shape of an argument that is a tensor, or shapes of `several`."""
    if several:
        items = value.items if isinstance(value, Items) else value
        if not isinstance(items, (list, tuple)) or REST in items:
            raise NotKnown
        return [_dims(one, count) for one in items]
    found = tensor_shape(value)
    if not isinstance(found, tuple):
        raise NotKnown
    return shapes.expanded(found, count)


def _has_rest(value: Any) -> bool:
    match value:
        case list():
            return any(map(_has_rest, value))
        case Tensor(shape=tuple() as axes):
            return REST in axes
        case RestAxes():
            return True
        case Items(items=items):
            return any(one is REST or _has_rest(one) for one in items)
        case Maybe(value=inner):
            return _has_rest(inner)
    return False
