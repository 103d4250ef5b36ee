"""The names of a function while its code is gone through, and how ways meet."""

from __future__ import annotations

import ast

from msgspec import Struct, field

from layergen.forward import shapes
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Items,
    Nothing,
    Number,
    Tensor,
    Unknown,
    Value,
    joined,
    through,
)

Names = dict[str, Value]


class Frame(Struct, eq=False):
    """The names of a function while it is gone through; None where no run comes.

    `names` are those where the interpreter is, `ends` those at each `return`.
    """

    names: Names | None
    outer: Frame | None = None
    returned: list[tuple[ast.AST, Value]] = field(default_factory=list)
    ends: list[Names] = field(default_factory=list)
    breaks: list[list[Names]] = field(default_factory=list)
    continues: list[list[Names]] = field(default_factory=list)
    loops: list[ast.AST] = field(default_factory=list)

    def smooth(self, name: str) -> frozenset[str]:
        """What the value of a name changes smoothly with."""
        frame: Frame | None = self
        while frame is not None:
            value = (frame.names or {}).get(name)
            if value is not None:
                return NOWHERE if isinstance(value, Function) else through(value)
            frame = frame.outer
        return NOWHERE


def result_of(frame: Frame) -> Value:
    values = [value for _, value in frame.returned]
    if frame.names is not None or not values:
        values.append(Nothing())
    found = values[0]
    for one in values[1:]:
        found = joined(found, one)
    return found


def changes(before: Value, after: Value | None) -> bool:
    """Whether a tensor's shape is known before a loop, and not after it."""
    if not isinstance(before, Tensor) or not isinstance(after, Tensor):
        return False
    whole = not isinstance(after.shape, tuple) or None in after.shape
    return whole and before.shape is not None and before.shape != after.shape


def together(*ways: Names | None) -> Names | None:
    """The names after one of some ways, as far as any of them binds them."""
    found: Names | None = None
    for names in ways:
        if names is None:
            continue
        if found is None:
            found = dict(names)
            continue
        both = {
            name: joined(value, names[name]) if name in names else value
            for name, value in found.items()
        }
        found = names | both
    return found


def each(value: Value) -> tuple[Value, ...] | None:
    """The items that a loop goes over one by one, None where it is not gone so."""
    if isinstance(value, Items) and shapes.REST not in value.items:
        return value.items
    return None


def element_of(value: Value) -> Value:
    """An item of something that is no list for certain."""
    if isinstance(value, Tensor):
        shape = value.shape
        known = isinstance(shape, tuple) and shape and shape[0] is not shapes.REST
        return Tensor(shape[1:] if known else None, value.dtype, value.through)  # type: ignore[index]
    if isinstance(value, Number):
        return UNKNOWN
    return Unknown(through(value))
