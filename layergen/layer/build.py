"""`build`: the sizes it takes, then everything that is created from them."""

from __future__ import annotations

from layergen.layer import axes
from layergen.layer.cell import is_cell
from layergen.layer.facts import Facts
from layergen.layer.shape_checks import build_checks
from layergen.layer.states import add_states
from layergen.layer.sublayers import build_layers, made_layers
from layergen.layer.weights import add_weights
from layergen.source.rewrite import expression
from layergen.source.scopes import names_read
from layergen.source.statements import (
    Assign,
    Method,
    Run,
    Statement,
    code_of,
)


def build_method(facts: Facts, checks_shapes: bool) -> Method | None:
    """`build`, or None for a layer with nothing to create or check there."""
    bind = facts.from_shapes({*facts.pinned, *facts.counts})
    body: list[Statement] = []
    if checks_shapes:
        body.append(Run(f"self._check_shapes({', '.join(facts.shape_names)})"))
    body += axes.fixed_sizes(facts)
    body += [
        Assign(f"self.{derived.name}", expression(derived.code, bind))
        for derived in facts.spec.derived
        if derived.name not in facts.static
    ]
    body += build_checks(facts)
    body += axes.kept_sizes(facts)
    body += add_weights(facts, bind)
    if not is_cell(facts):
        body += add_states(facts, bind)
    body += made_layers(facts, static=False, bind=bind)
    body += build_layers(facts)
    input_spec = axes.build_spec(facts)
    if input_spec:
        body.append(Assign("self.input_spec", input_spec))
    if not body:
        return None
    read = {name for one in body for text in code_of(one) for name in names_read(text)}
    needed = read & {*facts.shape_names}
    unneeded = tuple(f"{name}=None" for name in facts.shape_names)
    return Method("build", facts.shape_parameters if needed else unneeded, tuple(body))
