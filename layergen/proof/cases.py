"""The cases that the emitted test tries a layer with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from layergen.example.sizes import Sizes
from layergen.example.values import (
    Named,
    call_values,
    constructor_call,
    example,
    in_time,
    input_range,
    input_shape,
    tensor_count,
    there,
)
from layergen.language.model import Input
from layergen.layer.cell import is_cell
from layergen.layer.constructor import parameters
from layergen.layer.facts import Facts
from layergen.layer.gradient_flow import has_no_gradient, unreached_inputs
from layergen.layer.masks import used_masks
from layergen.layer.randomness import is_random, takes_seed
from layergen.proof.axes import rows_are_independent, unknown_axes
from layergen.proof.branches import further
from layergen.proof.case import Case, Given
from layergen.proof.functions import held_to_formula, speaks_of
from layergen.proof.life import Life
from layergen.proof.methods import read_by_methods_alone, tried_methods
from layergen.proof.tried import (
    changes,
    members,
    numbers,
    other_axes,
    other_outputs,
    several,
    sizes_with,
)
from layergen.source.code import Code
from layergen.source.written import named


def cases(facts: Facts, first: Sizes) -> Iterator[Case]:
    """Defaults, but for what brings the layer to life; another rank where the shape has
    `...`; other arguments; those that bring code to further branches; fewer inputs."""
    life, rank = Life(facts), len(first.rest)
    lively = life.arguments(first.values, example(facts))
    alive = sizes_with(facts, lively, rank) if lively else first
    if alive is None:
        alive, lively = first, {}
    more = dict(several(facts, lively, rank))
    if more and (plural := sizes_with(facts, {**lively, **more}, rank)):
        alive, lively = plural, {**lively, **more}
    yield _case(life, alive, lively)
    rests = facts.rests.keys() & example(facts).keys()
    if facts.first.shape.rest is not None and not rests:
        if ranked := sizes_with(facts, lively, rank + 1):
            yield _case(life, ranked, lively)
    tried = [alive]
    other = {n: one for n, one in changes(facts).items() if n not in lively}
    other |= dict.fromkeys(more, 1)
    if other and (found := _told(life, other, lively, rank)):
        tried.append(found[0])
        yield _case(life, *found)
    for chosen in members(facts, tried):
        if found := _told(life, chosen, lively, rank):
            tried.append(found[0])
            yield _case(life, *found)
    wider = rank if rests or facts.first.shape.rest is None else rank + 1
    for chosen in other_axes(facts, wider):
        if found := _told(life, chosen, lively, wider):
            yield _case(life, *found)
    for chosen in further(facts, tried, example(facts)):
        if found := _told(life, chosen, lively, rank):
            yield _case(life, *found)
    if any(tensor.optional for tensor in facts.spec.inputs):
        yield _case(life, alive, lively, leave_out=True)
    if called := other_outputs(facts, alive):
        yield _case(life, alive, lively, called=called)


def _told(
    life: Life, changed: dict[str, Any], lively: dict[str, Any], rank: int
) -> tuple[Sizes, dict[str, Any]] | None:
    """Sizes for some changed arguments, by which it can be told what the layer does.

    Where they alone do not tell, they come with those that bring it to life.
    """
    for more in ({}, lively):
        tried = {**more, **changed}
        sizes = sizes_with(life.facts, tried, rank)
        if sizes and None not in (life.draws(sizes.values), life.differs(sizes.values)):
            return sizes, tried
    return None


def _case(
    life: Life,
    sizes: Sizes,
    changed: dict[str, Any],
    leave_out: bool = False,
    called: dict[str, Any] | None = None,
) -> Case:
    facts = life.facts
    args = dict(constructor_call(facts, sizes))
    args |= changed
    order = [parameter.name for parameter in parameters(facts)]
    return Case(
        tuple(sorted(args.items(), key=lambda item: order.index(item[0]))),
        tuple(
            (t.name, None if leave_out and t.optional else _given(facts, t, sizes))
            for t in facts.spec.inputs
        ),
        tuple(_options(life, sizes, changed, called or {})),
    )


def _given(facts: Facts, tensor: Input, sizes: Sizes) -> Given:
    return Given(
        in_time(facts, input_shape(tensor.shape, sizes)),
        tensor.dtype,
        *input_range(tensor, sizes),
        tensor_count(tensor, sizes) if tensor.many else None,
    )


def _options(
    life: Life, sizes: Sizes, changed: dict[str, Any], called: dict[str, Any]
) -> Iterator[Named]:
    facts, spec = life.facts, life.facts.spec
    if spec.joins_inputs:
        yield "inputs_as", spec.inputs_as
    given = {**call_values(facts), **called}
    if found := _outputs(facts, sizes, given):
        yield "outputs", found
    if facts.call_args:
        yield "call_args", given
    if spec.scalars:
        yield "scalars", {
            arg.name: numbers(arg, given[arg.name]) for arg in spec.scalars
        }
    if life.differs(sizes.values) is not False:
        yield "training", True
    fixed = {w.name: w.dtype for w in spec.weights if w.dtype}
    if fixed:
        yield "dtypes", fixed
    moving = [
        s for s in spec.states if is_cell(facts) or life.moves(s.name, sizes.values)
    ]
    if moving:
        yield "states", {s.name: sizes.shape(s.shape) or () for s in moving}
    losses = life.losses(sizes.values)
    if losses != 0:
        yield "losses", losses
    yield from _mask_option(facts)
    unknown = (0, 1) if is_cell(facts) else unknown_axes(facts, sizes)
    if unknown != (0,):
        yield "unknown", unknown
    if not rows_are_independent(facts):
        yield "rows_independent", False
    if held_to_formula(facts):
        yield "gradient", named(facts.scope.fresh("surrogate"))
    elif _has_other_gradient(facts):
        yield "gradient", None
    else:
        flat = [*unreached_inputs(facts), *life.unused(sizes.values)]
        if flat := [*flat, *read_by_methods_alone(facts)]:
            yield "zero_gradient", tuple(dict.fromkeys(flat))
    shown = changed.keys() - life.of_training
    if spec.equivalent and speaks_of(facts, spec.equivalent, shown):
        yield "equivalent", named(facts.scope.fresh("same_as_builtin"))
    if spec.reference and speaks_of(facts, spec.reference, shown):
        yield "reference", named(facts.scope.fresh("reference"))
    if methods := tried_methods(facts, sizes, shown):
        yield "methods", methods
    draws = is_random(facts) and life.draws(sizes.values) is not False
    if takes_seed(facts) and not draws:
        yield "random", False
    yield "strict", True


def _mask_option(facts: Facts) -> Iterator[Named]:
    """What becomes of a mask, where the layer takes one."""
    rule = facts.spec.mask
    if isinstance(rule, Code):
        yield "mask", named(facts.scope.fresh("computed_mask"))
    elif rule:
        yield "mask", rule
    elif used_masks(facts):
        yield "mask", "stop"


def _has_other_gradient(facts: Facts) -> bool:
    """Whether the gradient is not the mathematical one, or there is none."""
    spec = facts.spec
    if spec.gradient and spec.gradient.surrogate:
        return True
    read = facts.reads(spec.forward) | ({spec.activation} if spec.activation else set())
    surrogate = any(
        f.gradient and f.gradient.surrogate and f.name in read for f in spec.functions
    )
    return surrogate or has_no_gradient(facts)


def _outputs(facts: Facts, sizes: Sizes, called: dict[str, Any]) -> object:
    """The shapes of what a call returns, None unless all of their axes are stated."""
    outputs = facts.outputs or ()
    found = {one.name: sizes.known(one.shape) for one in outputs}
    stated = all(one.shape.is_stated for one in outputs)
    if not outputs or not stated or None in found.values():
        return None
    returned = zip(found.items(), there(facts, sizes, called), strict=True)
    shapes = {
        name: in_time(facts, shape)
        for (name, shape), here in returned
        if here and shape is not None
    }
    if facts.spec.outputs_as == "dict":
        return shapes
    if facts.spec.outputs_as == "list":
        return [*shapes.values()]
    values = tuple(shapes.values())
    return values[0] if len(values) == 1 else values
