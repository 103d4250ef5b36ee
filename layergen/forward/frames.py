"""The names of a function while it is gone through, and what its loops go over."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from layergen.forward import shapes
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    Function,
    Items,
    Number,
    Tensor,
    Unknown,
    Value,
    through,
)

Names = dict[str, Value]


@dataclass(eq=False)
class Frame:
    """The names of a function while it is gone through; None where no run comes.

    `names` are those where the interpreter is, `rounds` how often it goes through the same
    code, in loops over items that are known.
    """

    names: Names | None
    outer: Frame | None = None
    returned: list[tuple[ast.AST, Value]] = field(default_factory=list)
    breaks: list[list[Names]] = field(default_factory=list)
    continues: list[list[Names]] = field(default_factory=list)
    loops: list[ast.AST] = field(default_factory=list)
    rounds: int = 1

    def smooth(self, name: str) -> frozenset[str]:
        """What the value of a name changes smoothly with."""
        frame: Frame | None = self
        while frame is not None:
            value = (frame.names or {}).get(name)
            if value is not None:
                return NOWHERE if isinstance(value, Function) else through(value)
            frame = frame.outer
        return NOWHERE


def each(value: Value) -> tuple[Value, ...] | None:
    """The items that a loop goes over, None where they are not all known."""
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
