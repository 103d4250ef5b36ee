"""The checks that a layer makes of the arguments it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from layergen.language import dims
from layergen.language.model import Arg
from layergen.language.types.base import Site
from layergen.layer.facts import Facts
from layergen.layer.shape_text import documented, rank
from layergen.source.code import Size
from layergen.source.rewrite import sized
from layergen.source.statements import Statement


def argument_checks(facts: Facts, args: Iterable[Arg]) -> Iterator[Statement]:
    """A check for each argument that not every value will do for."""
    for arg in args:
        yield from arg.type.checks(site(facts, arg))


def site(facts: Facts, arg: Arg) -> Site:
    """An argument as the constructor meets it."""
    shape = arg.shape
    bounds = facts.bounds(arg)
    if shape is None or shape.dims is None:
        return Site(arg.name, bounds, facts.scope, arg.dtype)
    sizes = tuple(
        (position, sized(dim, facts.in_constructor))
        for position, dim in shape.axes
        if isinstance(dim, Size) and not _binds(facts, arg, position, dim)
    )
    shown = documented(shape.dims)
    return Site(arg.name, bounds, facts.scope, arg.dtype, shown, rank(shape), sizes)


def _binds(facts: Facts, arg: Arg, position: int, dim: Size) -> bool:
    axis = facts.array_axes.get(dim.text)
    return axis == dims.Axis(arg.name, position, of_input=False)
