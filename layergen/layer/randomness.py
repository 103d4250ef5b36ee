"""Randomness: the layer's own seed generator, handed to what forward draws."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.operations import Operation, random
from layergen.language.variables import declared
from layergen.layer.facts import Facts


def is_random(facts: Facts) -> bool:
    """Whether forward draws random numbers."""
    return "random" in facts.reads(facts.spec.forward)


def takes_seed(facts: Facts) -> bool:
    """Whether the constructor has a `seed`: for what forward draws, or an initializer."""
    return is_random(facts) or any(
        one.initializer is not None
        and one.initializer.code is not None
        and "seed" in facts.reads(one.initializer.code)
        for one in declared(facts.spec)
    )


def draw_arguments(call: ast.Call) -> tuple[str, ...]:
    """What a call of `random` is given beyond what the spec says."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="random"), attr=name):
            if draw := random(name):
                return tuple(_left_out(draw, call))
    return ()


def _left_out(draw: Operation, call: ast.Call) -> Iterator[str]:
    """Draws whose dtype is Keras' default one are floats, and take the compute dtype."""
    defaults = {one.name: one.default for one in draw.parameters}
    given = {keyword.arg for keyword in call.keywords}
    given |= set(list(defaults)[: len(call.args)])
    if defaults.get("dtype") == "None" and "dtype" not in given:
        yield "dtype=self.compute_dtype"
    if "seed" in defaults and "seed" not in given:
        yield "seed=self.seed_generator"
