"""`...kernel_size` in a shape: the items of a list that is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from layergen.language.axes import Dim, Member, Rest, Shape
from layergen.language.context import Context
from layergen.language.model import Arg, Output, State, Weight
from layergen.limits import AXES

Shaped = TypeVar("Shaped", Weight, State, Output)


def spread(
    parts: tuple[Shaped, ...], args: tuple[Arg, ...], context: Context
) -> tuple[Shaped, ...]:
    """Weights, states or outputs, with the items of lists in their shapes."""
    lists = {arg.name: arg for arg in args}
    return tuple(
        replace(part, shape=_spread(part.shape, lists, context)) for part in parts
    )


def _spread(shape: Shape, lists: dict[str, Arg], context: Context) -> Shape:
    if shape.rest is None or shape.dims is None:
        return shape
    dims = tuple(
        one for dim in shape.dims for one in _items(dim, shape, lists, context)
    )
    if len(dims) > AXES:
        context.add("LG301", shape.place, f"a shape of more than {AXES} axes")
        return shape
    return replace(shape, dims=dims)


def _items(
    dim: Dim, shape: Shape, lists: dict[str, Arg], context: Context
) -> Iterator[Dim]:
    """What a dimension stands for."""
    arg = lists.get(dim.name or "") if isinstance(dim, Rest) else None
    if arg is None:
        yield dim
    elif not arg.type.counts:
        message = f"the argument `{arg.name}` is `{arg.type}` and holds no sizes"
        context.add("LG307", shape.place, message, "sizes are ints")
    elif arg.type.count is None or arg.type.optional:
        message = f"how many axes `...{arg.name}` stands for is not known"
        hint = 'give it a length, as in `{type: "int | list[int]", length: 2}`'
        context.add("LG307", shape.place, message, hint)
    else:
        yield from Member.every(arg.name, arg.type.count, shape.place)
