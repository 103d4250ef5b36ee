"""Where the activation of a model in functional style goes: into a layer, or behind it."""

from __future__ import annotations

import ast

from layergen.functional.builtin import WeightLayer
from layergen.functional.lowering import Lowering
from layergen.functional.products import Use
from layergen.language.model import Function
from layergen.layer.call import applies_activation
from layergen.layer.facts import Facts
from layergen.source.scopes import names_of
from layergen.source.trees import (
    blocks,
    names_in,
    returned_values,
)


def activation_function(facts: Facts) -> Function | None:
    """The spec's own function that is the activation, and then no argument."""
    functions = {function.name: function for function in facts.spec.functions}
    return functions.get(facts.spec.activation or "")


def activation_calls(facts: Facts) -> list[ast.Call]:
    """The calls of an activation argument that the spec itself writes."""
    if facts.spec.activation is None or activation_function(facts):
        return []
    return [
        node
        for node in facts.spec.forward.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "activation"
        and len(node.args) == 1
    ]


def merged_activations(
    facts: Facts, lowering: Lowering, layers: tuple[WeightLayer, ...]
) -> dict[ast.expr, Use]:
    """The values that an activation is applied to right behind a layer, with its use."""
    if facts.spec.activation is None or activation_function(facts):
        return {}
    values = [call.args[0] for call in activation_calls(facts)]
    if applies_activation(facts):
        values = returned_values(facts.spec.forward)
    able = [layer.use for layer in layers if layer.once]
    able = [use for use in able if use.layer != "Embedding"]
    found = {value: _behind(facts, lowering, value) for value in values}
    return {value: use for value, use in found.items() if use in able}


def _behind(facts: Facts, lowering: Lowering, value: ast.expr) -> Use | None:
    """The use whose result a value is: itself, or by a variable of no other use."""
    value = lowering.sums.get(value, value)
    if not isinstance(value, ast.Name):
        return next((use for use in lowering.uses if use.node is value), None)
    body = facts.spec.forward.body
    removed = {n for use in lowering.uses if use.removed for n in ast.walk(use.removed)}
    same = [n for n in names_in(*body) if n.id == value.id and n not in removed]
    reads = [node for node in same if isinstance(node.ctx, ast.Load)]
    binds = [n for name, n in names_of(body).bound if name == value.id]
    if reads != [value] or len([n for n in binds if n not in removed]) != 1:
        return None
    for statement in (s for block in blocks(body) for s in block):
        use = lowering.assigned(statement)
        if use and any(node in names_in(statement) for node in binds):
            return use
    return None
