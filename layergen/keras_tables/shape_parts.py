"""Shapes, and the small steps that rules for them are made of.

A size is a number, None where it is unknown, or anything that adds and multiplies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

Shape = tuple[Any, ...]
Answer = Shape | list[Shape] | None
Axis = int | Sequence[int] | None


def total(sizes: Sequence[Any]) -> Any:
    return None if None in sizes else sum(sizes)


def product(sizes: Sequence[Any]) -> Any:
    return None if None in sizes else math.prod(sizes)


def replaced(shape: Shape, axis: int, size: Any) -> Shape:
    axis %= len(shape)
    return (*shape[:axis], size, *shape[axis + 1 :])


def without(shape: Shape, *axes: int) -> Shape:
    gone = {axis % len(shape) for axis in axes}
    return tuple(size for i, size in enumerate(shape) if i not in gone)


def axes_of(axis: Axis) -> tuple[int, ...]:
    if axis is None:
        return ()
    return (axis,) if isinstance(axis, int) else tuple(axis)


def together(*shapes: Shape) -> Shape:
    """What shapes broadcast to: a one gives way, an unknown to a number."""
    found: list[Any] = []
    for back in range(1, max(map(len, shapes)) + 1):
        sizes = [shape[-back] for shape in shapes if len(shape) >= back]
        wide = [size for size in sizes if size != 1]
        known = [size for size in wide if size is not None]
        found.append(known[0] if known else None if wide else 1)
    return tuple(reversed(found))
