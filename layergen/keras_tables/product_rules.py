"""Shapes that products give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layergen.keras_tables.shape_parts import (
    Answer,
    Shape,
    axes_of,
    product,
    together,
    without,
)


def matmul(x1: Shape, x2: Shape) -> Answer:
    if not x1 or not x2:
        return None
    left = x1[-2:-1] if len(x1) > 1 else ()
    right = x2[-1:] if len(x2) > 1 else ()
    return (*together(x1[:-2], x2[:-2]), *left, *right)


def dot(x1: Shape, x2: Shape) -> Answer:
    if not x1 or not x2:
        return x1 or x2
    return (*x1[:-1], *without(x2, -2 if len(x2) > 1 else -1))


def inner(x1: Shape, x2: Shape) -> Answer:
    return (*x1[:-1], *x2[:-1]) if x1 and x2 else x1 or x2


def tensordot(x1: Shape, x2: Shape, axes: Any = 2) -> Answer:
    if isinstance(axes, int):
        return (*x1[: len(x1) - axes], *x2[axes:])
    one, other = map(axes_of, axes)
    return (*without(x1, *one), *without(x2, *other))


def einsum(subscripts: str, operands: Sequence[Shape]) -> Answer:
    terms, arrow, result = subscripts.replace(" ", "").partition("->")
    if not arrow or "." in subscripts:
        return None
    sizes: dict[str, Any] = {}
    for letters, shape in zip(terms.split(","), operands, strict=True):
        for letter, size in zip(letters, shape, strict=True):
            if sizes.get(letter) is None or sizes[letter] == 1:
                sizes[letter] = size
    return tuple(sizes[letter] for letter in result)


def kron(x1: Shape, x2: Shape) -> Answer:
    if len(x1) != len(x2):
        return None
    pairs = zip(x1, x2, strict=True)
    return tuple(None if None in (a, b) else a * b for a, b in pairs)


def outer(x1: Shape, x2: Shape) -> Answer:
    return (product(x1), product(x2))


def cross(x1: Shape, x2: Shape, **axes: Any) -> Answer:
    if axes or x1[-1] != 3 or x2[-1] != 3:
        return None
    return (*together(x1[:-1], x2[:-1]), 3)
