"""The checks that a layer makes of the arguments it is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from layergen.language import dims
from layergen.language.model import Arg
from layergen.language.types.base import Site
from layergen.layer.facts import Facts
from layergen.layer.shape_text import documented, rank
from layergen.source.bodies import sized
from layergen.source.code import Size
from layergen.source.literals import Shown, literal
from layergen.source.statements import Each, Statement


def argument_checks(facts: Facts, args: Iterable[Arg]) -> Iterator[Statement]:
    """A check for each argument that not every value will do for, those alike in a loop."""
    groups: dict[object, list[Arg]] = {}
    for arg in args:
        alone = arg.type.is_assigned
        groups.setdefault(arg if alone else (arg.type, facts.bounds(arg)), []).append(
            arg
        )
    for alike in groups.values():
        if len(alike) > 1:
            yield from _loop(facts, alike)
        else:
            yield from alike[0].type.checks(site(facts, alike[0]))


def _loop(facts: Facts, args: list[Arg]) -> Iterator[Statement]:
    """The check of arguments of one type and the same bounds."""
    name, value = map(facts.scope.fresh, ("argument", "given"))
    one = replace(site(facts, args[0]), name=value, called=Shown(name))
    body = tuple(
        args[0].type.checks(replace(one, names=one.names.beside([name, value])))
    )
    if body:
        pairs = ", ".join(f"({literal(arg.name)}, {arg.name})" for arg in args)
        yield Each(f"{name}, {value}", f"({pairs})", body)


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
