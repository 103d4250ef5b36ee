"""What `a[...]` gives: of tensors, and of lists."""

from __future__ import annotations

import ast
from typing import Any

from msgspec.structs import replace

from layergen.forward import shapes
from layergen.forward.findings import Reader
from layergen.forward.shapes import REST, Shape
from layergen.forward.sizes import Dim
from layergen.forward.values import (
    Items,
    Many,
    Nothing,
    Number,
    RestAxes,
    Tensor,
    Text,
    Unknown,
    Value,
    listed,
    surely_one,
    there,
    through,
)


def subscript(reader: Reader, node: ast.Subscript) -> Value:
    owner = there(reader.value(node.value))
    index = node.slice
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    given = [_index(reader, part) for part in parts]
    if not isinstance(index, (ast.Tuple, ast.Slice)):
        reader.value(index)
    if isinstance(owner, Tensor):
        if surely_one(owner) and any(isinstance(one, Text) for one in given):
            hint = (
                "inputs that come in one dict are declared by name: `inputs_as: dict`"
            )
            reader.fault("LG446", node, "a tensor has no items with names", hint)
            return Tensor(None, owner.dtype, owner.through)
        return _of_tensor(owner, given)
    if isinstance(owner, Text):
        return Text()
    if isinstance(owner, (Items, Many, RestAxes)) and len(given) == 1:
        return _of_list(owner, given[0])
    return Unknown(through(owner))


Slice = tuple[Value | None, Value | None, Value | None]


def _index(reader: Reader, part: ast.expr) -> Any:
    """An index: a value, `...`, or the parts of a slice."""
    match part:
        case ast.Slice(lower=lower, upper=upper, step=step):
            return tuple(
                None if one is None else reader.value(one)
                for one in (lower, upper, step)
            )
        case ast.Constant(value=value) if value is ...:
            return ...
    return reader.value(part)


def _of_tensor(owner: Tensor, given: list[Any]) -> Tensor:
    shape = owner.shape
    found: Shape = None
    if isinstance(shape, tuple):
        axes = shape

        def rule(count: int) -> Any:
            return _indexed(shapes.expanded(axes, count), given)

        found = shapes.at_any_rank(rule, REST in shape)
    return replace(owner, shape=found)


def _indexed(axes: tuple[Any, ...], given: list[Any]) -> tuple[Any, ...] | None:
    """The axes that are left of some by indices."""
    used = sum(not (one is ... or isinstance(one, Nothing)) for one in given)
    left = list(axes)
    found: list[Any] = []
    for position, one in enumerate(given):
        if isinstance(one, Nothing):
            found.append(1)
        elif one is ...:
            count = len(axes) - used
            found += left[:count]
            del left[:count]
        elif isinstance(one, tuple):
            found.append(_sliced(left.pop(0), one))
        elif isinstance(one, Number) and one.type == "int":
            left.pop(0)
        elif isinstance(one, Tensor) and one.dtype in ("int32", "int64"):
            others = [*given[:position], *given[position + 1 :]]
            plain = all(isinstance(other, tuple) or other is ... for other in others)
            if not plain or not isinstance(one.shape, tuple) or REST in one.shape:
                return None
            left.pop(0)
            found += one.shape
        else:
            return None
    return (*found, *left)


def _sliced(size: Dim, bounds: Slice) -> Dim:
    """The size of an axis after a slice of it, where that is sure."""
    lower, upper, step = bounds
    if bounds == (None, None, None):
        return size
    first, last, by = (_number(one) for one in bounds)
    if size is None or (step is not None and not (isinstance(by, int) and by > 0)):
        return None
    by = by or 1
    if any(one is not None and n is None for one, n in ((lower, first), (upper, last))):
        return None
    if isinstance(size, int):
        if all(isinstance(one, (int, type(None))) for one in (first, last)):
            return len(range(size)[first:last:by])
        return None
    if first == size or last == 0:
        return 0
    if last == size:
        last = None
    if first not in (None, 0, 1) or last not in (None, -1):
        return None
    less = (first or 0) + (1 if last == -1 else 0)
    if less > 1:
        return None
    return (size - less + by - 1) // by


def _number(value: Value | None) -> Any:
    return value.size if isinstance(value, Number) else None


def _of_list(owner: Items | Many | RestAxes, index: Any) -> Value:
    if isinstance(owner, Items):
        if isinstance(index, tuple):
            bounds = [_number(one) for one in index]
            known = all(
                one is None or isinstance(n, int)
                for one, n in zip(index, bounds, strict=True)
            )
            if known and _keeps_rest(owner.items, bounds):
                return Items(owner.items[slice(*bounds)], owner.late)
        elif isinstance(index, Number) and isinstance(index.value, int):
            found = _item(owner.items, index.value)
            if found is not None:
                return found
    many = listed(owner)
    assert many is not None
    if isinstance(index, tuple):
        return Many(many.element)
    if isinstance(index, Number):
        return many.element
    return Unknown(through(owner))


def _item(items: tuple[Any, ...], index: int) -> Value | None:
    """An item that is on the near side of `...`."""
    if not -len(items) <= index < len(items):
        return None
    between = items[: index + 1] if index >= 0 else items[index:]
    found: Value = items[index]
    return None if REST in between else found


def _keeps_rest(items: tuple[Any, ...], bounds: list[Any]) -> bool:
    """Whether a slice means the same whatever `...` stands for."""
    if REST not in items:
        return True
    at = items.index(REST)
    first, last, step = bounds
    if step not in (None, 1):
        return False
    starts = first is None or 0 <= first <= at or -(len(items) - at - 1) <= first < 0
    ends = last is None or 0 <= last <= at or -(len(items) - at - 1) <= last < 0
    return starts and ends
