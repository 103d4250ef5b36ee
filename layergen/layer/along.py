"""Axes that arguments choose: `build` finds their positions and what lies along them.

A variable along axes has their sizes alone. `call` reads it with an axis of one entry for
each other axis of the input, so that it broadcasts.
"""

from __future__ import annotations

from collections.abc import Iterator

from layergen.language.along import along, axis_arguments, lying_along
from layergen.language.model import Arg, Weight
from layergen.language.types.kinds.containers import List
from layergen.layer.facts import Facts
from layergen.source.literals import Shown, message
from layergen.source.statements import Assign, Branch, Check, Statement
from layergen.source.written import Written


def found_axes(facts: Facts) -> Iterator[Statement]:
    """The statements of `build` that find the axes, and the sizes of those that variables
    lie along."""
    lies = {along(weight.shape) for weight in lying_along(facts.spec).values()}
    args, shape = axis_arguments(facts.spec), facts.tensor_shape(facts.first.name)
    if args:
        yield Assign(facts.scope.fresh("rank"), f"len({shape})")
    for name, arg in args.items():
        body = [*_found(facts, arg), *(_sizes(facts, arg) if name in lies else ())]
        if arg.type.optional:
            rest = (Assign(facts.positions(name), "None"),)
            yield Branch(f"self.{name} is not None", tuple(body), rest)
        else:
            yield from body


def _found(facts: Facts, arg: Arg) -> Iterator[Statement]:
    given, shape = f"self.{arg.name}", facts.tensor_shape(facts.first.name)
    rank, one = facts.scope.fresh("rank"), facts.scope.fresh("one")
    several = not arg.type.is_size
    said = "different axes" if several else "an axis"
    refusal = message(
        Shown("self.name"),
        f": `{arg.name}` must be {said} of an input of ",
        Shown(rank),
        f" axes. Received: {arg.name}=",
        Shown(given),
        f", {shape}=",
        Shown(shape),
    )
    if not several:
        yield Check(f"not -{rank} <= {given} < {rank}", refusal)
        yield Assign(facts.positions(arg.name), f"{given} % {rank}")
        return
    axes = facts.scope.fresh("axes")
    listed = f"{given} if isinstance({given}, (list, tuple)) else [{given}]"
    yield Assign(axes, given if isinstance(arg.type, List) else listed)
    inside = f"{one} % {rank} for {one} in {axes} if -{rank} <= {one} < {rank}"
    yield Assign(facts.positions(arg.name), f"tuple(sorted({{{inside}}}))")
    yield Check(f"len({facts.positions(arg.name)}) != len({axes})", refusal)


def _sizes(facts: Facts, arg: Arg) -> Iterator[Statement]:
    shape, found = facts.tensor_shape(facts.first.name), facts.positions(arg.name)
    axes = found if not arg.type.is_size else f"({found},)"
    sizes, one, size = (
        facts.sizes_along(arg.name),
        *map(facts.scope.fresh, ("one", "size")),
    )
    many = f"tuple({shape}[{one}] for {one} in {found})"
    yield Assign(sizes, f"({shape}[{found}],)" if arg.type.is_size else many)
    said = message(
        Shown("self.name"),
        " needs to know the sizes of its input's axes ",
        Shown(axes),
        f" ({arg.name}). Received: {shape}=",
        Shown(shape),
    )
    yield Check(f"None in {sizes}", said)
    chosen = f"{one} == {found}" if arg.type.is_size else f"{one} in {found}"
    wide = f"{size} if {chosen} else 1 for {one}, {size} in enumerate({shape})"
    yield Assign(facts.shape_along(arg.name), f"tuple({wide})")


def spread(facts: Facts, read: set[str]) -> dict[str, Written]:
    """The variables that `call` reads along axes, each as an expression that broadcasts."""
    found = {}
    for name, variable in lying_along(facts.spec).items():
        if name in read:
            shape = facts.shape_along(along(variable.shape))
            when = isinstance(variable, Weight) and variable.when
            missing = f"None if self.{name} is None else " if when else ""
            made = f"{missing}ops.reshape(self.{name}, {shape})"
            found[name] = Written(made, reads=["ops"])
    return found


def held_shape(facts: Facts, others: dict[int | str, str]) -> str:
    """What the `InputSpec` says of an input that keeps its number of axes."""
    shape = facts.tensor_shape(facts.first.name)
    lies = lying_along(facts.spec).values()
    names = dict.fromkeys(along(weight.shape) for weight in lies)
    parts = [f"{index}: {text}" for index, text in others.items()]
    parts += [_held(facts, facts.args[name]) for name in names]
    alone = len(parts) == 1 and parts[0].startswith("**")
    held = parts[0][2:] if alone else f"{{{', '.join(parts)}}}"
    axes = f", axes={held}" if parts else ""
    return f"ndim=len({shape}){axes}"


def _held(facts: Facts, arg: Arg) -> str:
    """The axes along which variables lie, with their sizes, as items of a dict."""
    sizes, found = facts.sizes_along(arg.name), facts.positions(arg.name)
    if arg.type.optional:
        one = f"({found},)" if arg.type.is_size else found
        return (
            f"**({{}} if {found} is None else dict(zip({one}, {sizes}, strict=True)))"
        )
    if arg.type.is_size:
        return f"{found}: {sizes}[0]"
    return f"**dict(zip({found}, {sizes}, strict=True))"
