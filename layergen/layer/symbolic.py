"""Shapes as text: what broadcasting, reductions and subscripts make of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

Axes = tuple[str, ...]


@dataclass(frozen=True)
class Symbolic:
    """A shape: the text of each axis, and the text of the whole.

    `axes` is None where the rank is not known; then only the whole can be handed on.
    """

    axes: Axes | None
    whole: str = ""

    @property
    def text(self) -> str:
        """The shape as an expression."""
        if self.whole or self.axes is None:
            return self.whole
        return (
            f"({self.axes[0]},)" if len(self.axes) == 1 else f"({', '.join(self.axes)})"
        )


def together(left: Symbolic | None, right: Symbolic | None) -> Symbolic | None:
    """The shape that broadcasting two shapes gives, where that is plain to see."""
    if left is None or right is None:
        return None
    if left == right or right.axes == ():
        return left
    if left.axes == ():
        return right
    if left.axes is None or right.axes is None:
        return None
    short, long = sorted((left.axes, right.axes), key=len)
    padded = ("1",) * (len(long) - len(short)) + short
    joined = []
    for one, other in zip(padded, long, strict=True):
        if one != other and "1" not in (one, other):
            return None
        joined.append(other if one == "1" else one)
    for shape in (left, right):
        if shape.axes == tuple(joined):
            return shape
    return Symbolic(tuple(joined))


def reduced(shape: Symbolic | None, axis: ast.expr | None) -> Symbolic | None:
    """The shape after a reduction over axes that are written as numbers."""
    if shape is None or shape.axes is None or axis is None:
        return None
    try:
        value = ast.literal_eval(axis)
    except ValueError:
        return None
    if value is None:
        return Symbolic(())
    count = len(shape.axes)
    gone = {
        number % count for number in (value if isinstance(value, tuple) else (value,))
    }
    return Symbolic(tuple(a for i, a in enumerate(shape.axes) if i not in gone))


def subscripted(shape: Symbolic | None, index: ast.expr) -> Symbolic | None:
    """The shape after whole slices, numbers and new axes."""
    if shape is None or shape.axes is None:
        return None
    left, found = list(shape.axes), []
    for item in index.elts if isinstance(index, ast.Tuple) else [index]:
        match item:
            case ast.Constant(value=None):
                found.append("1")
            case ast.Slice(lower=None, upper=None, step=None) if left:
                found.append(left.pop(0))
            case ast.Constant(value=int()) if left:
                left.pop(0)
            case _:
                return None
    return Symbolic((*found, *left))
