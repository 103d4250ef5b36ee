"""Shapes of tensors whose elements are moved, repeated or padded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layergen.keras_tables.shape_parts import (
    Answer,
    Axis,
    Shape,
    axes_of,
    product,
    replaced,
    without,
)


def reshape(x: Shape, newshape: Shape) -> Answer:
    known = product([size for size in newshape if size != -1])
    whole = product(x)
    if -1 not in newshape or whole is None or known in (None, 0):
        return tuple(None if size == -1 else size for size in newshape)
    return tuple(whole // known if size == -1 else size for size in newshape)


def transpose(x: Shape, axes: Sequence[int] | None = None) -> Answer:
    return tuple(x[axis] for axis in axes) if axes is not None else x[::-1]


def swapaxes(x: Shape, axis1: int, axis2: int) -> Answer:
    found = list(x)
    found[axis1], found[axis2] = found[axis2], found[axis1]
    return tuple(found)


def moveaxis(x: Shape, source: Axis, destination: Axis) -> Answer:
    moved = [axis % len(x) for axis in axes_of(source)]
    order = [axis for axis in range(len(x)) if axis not in moved]
    places = [axis % len(x) for axis in axes_of(destination)]
    for place, axis in sorted(zip(places, moved, strict=True)):
        order.insert(place, axis)
    return tuple(x[axis] for axis in order)


def expand_dims(x: Shape, axis: Axis) -> Answer:
    rank = len(x) + len(axes_of(axis))
    new = {one % rank for one in axes_of(axis)}
    sizes = iter(x)
    return tuple(1 if one in new else next(sizes) for one in range(rank))


def squeeze(x: Shape, axis: Axis = None) -> Answer:
    if axis is not None:
        return without(x, *axes_of(axis))
    # A size that is not known may be one.
    if not all(isinstance(size, int) for size in x):
        return None
    return tuple(size for size in x if size != 1)


def rot90(array: Shape, k: int = 1, axes: Sequence[int] = (0, 1)) -> Answer:
    return swapaxes(array, *axes) if k % 2 else None


def repeat(x: Shape, repeats: Any, axis: int | None = None) -> Answer:
    size = product(x) if axis is None else x[axis]
    if isinstance(repeats, (list, tuple)):
        # One for each element, or one for all of them.
        size = sum(repeats) if len(repeats) > 1 else None
    else:
        size = None if size is None else size * repeats
    return (size,) if axis is None else replaced(x, axis, size)


def tile(x: Shape, repeats: Any) -> Answer:
    times = axes_of(repeats)
    rank = max(len(times), len(x))
    sizes = (1,) * (rank - len(x)) + x
    times = (1,) * (rank - len(times)) + times
    pairs = zip(sizes, times, strict=True)
    return tuple(None if size is None else size * many for size, many in pairs)


def pad(x: Shape, pad_width: Any, **others: Any) -> Answer:
    # One width for all axes is refused by TensorFlow.
    if isinstance(pad_width, int) or len(pad_width) != len(x):
        return None
    if any(isinstance(one, int) for one in pad_width):
        return None
    pairs = zip(x, pad_width, strict=True)
    return tuple(None if size is None else size + a + b for size, (a, b) in pairs)


def diag(x: Shape, k: int = 0) -> Answer:
    if len(x) == 1:
        return (None if x[0] is None else x[0] + abs(k),) * 2
    # Of a matrix, the part of a diagonal that lies in it.
    if k or None in x or len(x) != 2 or not all(isinstance(one, int) for one in x):
        return (None,) if len(x) == 2 else None
    return (min(x),)


def diagflat(x: Shape, k: int = 0) -> Answer:
    size = product(x)
    return (None if size is None else size + abs(k),) * 2


def diagonal(x: Shape, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Answer:
    if offset or None in (x[axis1], x[axis2]):
        return (*without(x, axis1, axis2), None) if not offset else None
    return (*without(x, axis1, axis2), min(x[axis1], x[axis2]))
