"""Arguments that choose axes of the first input, and the variables that lie along them.

Code reads positions: of an `int` one that is not negative, else a tuple in increasing
order.
"""

from __future__ import annotations

from layergen.language.axes import Along, Shape
from layergen.language.model import Arg, Spec, State, Weight
from layergen.language.variables import declared


def axis_arguments(spec: Spec) -> dict[str, Arg]:
    """The arguments that choose axes, by name."""
    return {arg.name: arg for arg in spec.args if arg.axis_of}


def along(shape: Shape) -> str:
    """The argument along whose axes a shape lies, "" for none."""
    return next(
        (dim.argument for dim in shape.dims or () if isinstance(dim, Along)), ""
    )


def lying_along(spec: Spec) -> dict[str, Weight | State]:
    """The variables that lie along axes which arguments choose, by name."""
    return {one.name: one for one in declared(spec) if along(one.shape)}


def positions(arg: Arg, value: object, rank: int) -> int | tuple[int, ...] | None:
    """What code reads where an argument has a value, None where there is no such axis."""
    axes = list(value) if isinstance(value, (list, tuple)) else [value]
    found = {one % rank for one in axes if type(one) is int and -rank <= one < rank}
    if len(found) != len(axes):
        return None
    return found.pop() if arg.type.is_size else tuple(sorted(found))


def as_axes(position: object) -> tuple[int, ...]:
    """Positions as a tuple; that which is not known has none."""
    if isinstance(position, int):
        return (position,)
    return position if isinstance(position, tuple) else ()
