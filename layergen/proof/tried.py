"""The arguments that cases try beside the defaults, and the sizes that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from layergen.example.agreement import agree
from layergen.example.shares import shared_among
from layergen.example.sizes import Sizes, find_sizes, suits
from layergen.example.values import call_values, example, has_axes, there
from layergen.language.along import as_axes, axis_arguments
from layergen.language.model import Arg, Weight
from layergen.layer.facts import Facts
from layergen.layer.gathered import deciding
from layergen.layer.weights import maker_arguments
from layergen.proof.functions import speaks_of

SEVERAL = (2, 3, 4)
"""How many there are of what is counted, tried in this order."""


def sizes_with(facts: Facts, changed: dict[str, Any], rank: int) -> Sizes | None:
    """Sizes for some changed arguments, None where there are none."""
    values = {name: value for name, value in changed.items() if name in facts.args}
    return find_sizes(facts, {**example(facts), **values}, rank)


def several(
    facts: Facts, lively: dict[str, Any], rank: int
) -> Iterator[tuple[str, int]]:
    """Counts, such as one of heads, that are 1 by default, and of which the layer has
    several: with one of each it does not show what it does for each."""
    chosen: dict[str, int] = {}
    for name in _counts(facts):
        if name not in {**example(facts), **lively}:
            found = [*_fitting(facts, name, {**lively, **chosen}, rank)]
            if new := next((n for n in found if n not in chosen.values()), None):
                chosen[name] = new
                yield name, new


def _fitting(
    facts: Facts, name: str, changed: dict[str, Any], rank: int
) -> Iterator[int]:
    """The numbers that fit a count; none where sizes meet by chance with one of them."""
    tried = filter(facts.bounds(facts.args[name]).admits, SEVERAL)
    sizes = {n: sizes_with(facts, {**changed, name: n}, rank) for n in tried}
    there = {n: one for n, one in sizes.items() if one and suits(facts, one)}
    if all(agree(facts.spec, facts.analysis, one) for one in there.values()):
        yield from (n for n, one in there.items() if has_axes(facts, one))


def _counts(facts: Facts) -> Iterator[str]:
    """The counts that are 1 by default, those alone that what proves the values knows."""
    shared = shared_among(facts)
    proofs = [one for one in (facts.spec.equivalent, facts.spec.reference) if one]
    for arg in facts.spec.args:
        is_one = not arg.required and arg.type.is_size and arg.default == 1
        is_count = arg.name in shared or not facts.bounds(arg).admits(-1)
        if is_one and is_count and not arg.axis_of:
            if all(speaks_of(facts, one, {arg.name}) for one in proofs):
                yield arg.name


def other_outputs(facts: Facts, sizes: Sizes) -> dict[str, Any]:
    """An argument of `call` by which other outputs come; none where there is none."""
    given = call_values(facts)
    before = there(facts, sizes, given)
    for arg in deciding(facts):
        changed = _other_value(arg)
        if changed and there(facts, sizes, {**given, **changed}) != before:
            return changed
    return {}


def changes(facts: Facts) -> dict[str, Any]:
    """Other values for arguments that have defaults."""
    changed: dict[str, Any] = {}
    if facts.spec.activation is not None:
        changed["activation"] = "sigmoid" if facts.spec.activation == "tanh" else "tanh"
    given = example(facts)
    for arg in facts.spec.args:
        if not arg.required and arg.name not in given:
            changed |= _other_value(arg)
    for maker in maker_arguments(facts):
        weight = maker.weight
        # What is drawn at random need not meet a constraint that the code relies on.
        constraint = weight.constraint if isinstance(weight, Weight) else None
        held = constraint is not None and constraint.kind != "none"
        free = (
            not held and isinstance(weight, Weight) and len(weight.shape.dims or ()) > 1
        )
        if maker.role == "initializer" and free:
            return changed | {maker.name: "he_normal"}
    return changed


def members(facts: Facts, tried: list[Sizes]) -> Iterator[dict[str, Any]]:
    """Arguments that are each of the types which they may be of, one at a time."""
    known = {**tried[0].values, **tried[0].given}
    for arg in facts.spec.args:
        if arg.name in known and not arg.axis_of:
            for value in arg.type.members(known[arg.name], facts.bounds(arg)):
                yield {arg.name: value}


AXES = (1, -1, -2)
SEVERAL_AXES = ([1, 2], [-1], [1])


def other_axes(facts: Facts, rank: int) -> Iterator[dict[str, Any]]:
    """Other axes for arguments that choose them, one and several, none of them the first,
    where `...` stands for so many axes."""
    given, usual = example(facts), sizes_with(facts, {}, rank)
    for name, arg in axis_arguments(facts.spec).items():
        seen = {usual.values[name]} if usual else set()
        for domain in (AXES, SEVERAL_AXES) if name not in given else ():
            for value in domain:
                fits = arg.type.takes(value, facts.bounds(arg))
                sizes = sizes_with(facts, {name: value}, rank) if fits else None
                found = sizes.values[name] if sizes else None
                if found not in (None, *seen) and 0 not in as_axes(found):
                    seen.add(found)
                    yield {name: value}
                    break


def numbers(arg: Arg, given: object) -> tuple[object, ...]:
    """Numbers for what may be a tensor: the one that is given, its default, or one beside."""
    first = arg.default if given is None else given
    found = dict.fromkeys(one for one in (first, arg.default) if one is not None)
    near = arg.type.examples(arg.bounds)
    return (*found, *(one for one in near if one not in found))[:2]


def _other_value(arg: Arg) -> dict[str, Any]:
    """Another value of an argument than its default."""
    other = arg.type.other(arg.default)
    return {} if other is None else {arg.name: other}
