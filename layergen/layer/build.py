"""`build`: the sizes it takes, then everything that is created from them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from layergen.language.along import axis_arguments
from layergen.language.model import Weight
from layergen.language.variables import created
from layergen.layer import axes
from layergen.layer.along import found_axes
from layergen.layer.built import build_layers
from layergen.layer.facts import Facts
from layergen.layer.given import built_checks
from layergen.layer.joined import shapes, shapes_apart, structure_check
from layergen.layer.shape_checks import build_checks
from layergen.layer.states import add_states
from layergen.layer.sublayers import made_layers
from layergen.layer.weights import add_weights
from layergen.source.bodies import expression
from layergen.source.functions import Function, method
from layergen.source.rewrite import Bind
from layergen.source.statements import (
    Assign,
    Run,
    Statement,
)


def build_method(facts: Facts, checks_shapes: bool) -> Function | None:
    """`build`, or None for a layer with nothing to create or check there."""
    bind = facts.from_shapes({*facts.pinned, *facts.counts})
    body: list[Statement] = []
    if checks_shapes:
        body.append(Run(f"self._check_shapes({', '.join(facts.shape_names)})"))
    body += axes.fixed_sizes(facts)
    body += found_axes(facts)
    body += _derived(facts, bind)
    body += build_checks(facts)
    body += axes.kept_sizes(facts)
    body += _add_variables(facts, bind)
    body += made_layers(facts, static=False, bind=bind)
    body += build_layers(facts)
    body += built_checks(facts)
    input_spec = axes.build_spec(facts)
    if input_spec:
        body.append(Assign("self.input_spec", input_spec))
    if not body:
        return None
    fixed = facts.fixed_axes or facts.chosen_axes or facts.fixes_rest
    sizes = fixed or facts.counts or axis_arguments(facts.spec)
    layers = facts.spec.layers or facts.given_layers
    unneeded = tuple(f"{name}=None" for name in facts.shape_names)
    needs = checks_shapes or sizes or layers
    if facts.spec.joins_inputs:
        body = [*structure_check(facts), *shapes_apart(facts, body)]
    elif not needs:
        return method("build", unneeded, tuple(body))
    return method("build", shapes(facts), tuple(body))


def _derived(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """The derived values that the constructor does not know; sizes must be known."""
    chosen = {one.name: one for one in facts.chosen_axes}
    for derived in facts.spec.derived:
        if derived.name not in facts.static:
            yield Assign(f"self.{derived.name}", expression(derived.code, bind))
        if derived.name in chosen:
            yield axes.chosen_size(facts, chosen[derived.name])


def _add_variables(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """The statements that create the variables, in the one order in which they are."""
    for kind, _ in groupby(created(facts.spec), type):
        yield from (add_weights if kind is Weight else add_states)(facts, bind)
