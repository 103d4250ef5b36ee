"""The sublayers of a spec as layers of a model."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.keras_tables.names import OPS
from layergen.language.model import Sublayer
from layergen.layer.facts import Facts
from layergen.layer.sublayers import Making, made
from layergen.source.rewrite import Bind
from layergen.source.statements import Assign, Statement


def made_sublayers(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """The statements that make them."""
    for layer in facts.spec.layers:
        how = Making(bind, bind, "dtype", layer_name(layer), facts.scope.fresh("i"))
        yield Assign(layer.name, made(facts, layer, how))


def layer_name(layer: Sublayer) -> str:
    """What the model calls a layer: names are unique there, and operations have theirs."""
    return f"{layer.name}_layer" if layer.name in OPS else layer.name
