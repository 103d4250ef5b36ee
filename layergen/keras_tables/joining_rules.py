"""Shapes that come of putting tensors together, and of taking one apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layergen.keras_tables.shape_parts import (
    Answer,
    Shape,
    product,
    replaced,
    total,
    without,
)


def append(x1: Shape, x2: Shape, axis: int | None = None) -> Answer:
    if axis is None:
        return (total([product(x1), product(x2)]),)
    return concatenate([x1, x2], axis)


def vstack(xs: Sequence[Shape]) -> Answer:
    return concatenate(xs, 0) if len(xs[0]) > 1 else None


def hstack(xs: Sequence[Shape]) -> Answer:
    return concatenate([x or (1,) for x in xs], 1 if len(xs[0]) > 1 else 0)


def dstack(xs: Sequence[Shape]) -> Answer:
    deep = [_deep(x, 2) for x in xs]
    return concatenate([x if len(x) > 2 else (*x, 1) for x in deep], 2)


def _deep(x: Shape, rank: int) -> Shape:
    return (1,) * (rank - len(x)) + x


def concatenate(xs: Sequence[Shape], axis: int = 0) -> Answer:
    first = xs[0]
    found = tuple(
        next((x[i] for x in xs if x[i] is not None), None) for i in range(len(first))
    )
    return replaced(found, axis, total([x[axis] for x in xs]))


def stack(x: Sequence[Shape], axis: int = 0) -> Answer:
    rank = len(x[0]) + 1
    known = [next((s[i] for s in x if s[i] is not None), None) for i in range(rank - 1)]
    known.insert(axis % rank, len(x))
    return tuple(known)


def split(x: Shape, indices_or_sections: Any, axis: int = 0) -> Answer:
    size = x[axis]
    if isinstance(indices_or_sections, int):
        part = None if size is None else size // indices_or_sections
        return [replaced(x, axis, part)] * indices_or_sections
    if size is None:
        return None
    ends = [0, *indices_or_sections, size]
    pairs = zip(ends, ends[1:], strict=False)
    return [replaced(x, axis, end - start) for start, end in pairs]


def array_split(x: Shape, indices_or_sections: Any, axis: int = 0) -> Answer:
    size, parts = x[axis], indices_or_sections
    if not isinstance(parts, int):
        return split(x, parts, axis)
    if not isinstance(size, int):
        return None
    more, each = size % parts, size // parts
    return [replaced(x, axis, each + (i < more)) for i in range(parts)]


def hsplit(x: Shape, indices_or_sections: Any) -> Answer:
    return split(x, indices_or_sections, 1 if len(x) > 1 else 0)


def vsplit(x: Shape, indices_or_sections: Any) -> Answer:
    return split(x, indices_or_sections, 0)


def dsplit(x: Shape, indices_or_sections: Any) -> Answer:
    return split(x, indices_or_sections, 2)


def unstack(x: Shape, num: int | None = None, axis: int = 0) -> Answer:
    count = num or x[axis]
    return None if count is None else [without(x, axis)] * count
