"""The sublayers of a spec as layers of a model."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.names import LAYERS, OPS
from layergen.layer.facts import Facts
from layergen.layer.literals import literal
from layergen.layer.rewrite import Bind, expression, extended
from layergen.layer.statements import Assign, Statement
from layergen.spec.model import Loop, Sublayer
from layergen.spec.scopes import names_of


def made_sublayers(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """The statements that make them."""
    for layer in facts.spec.layers:
        yield Assign(layer.name, _made(layer, bind))


def _made(layer: Sublayer, bind: Bind) -> str:
    targets = _targets(layer)

    def bind_class(name: str) -> str:
        if name in targets:
            return name
        return f"keras.layers.{name}" if name in LAYERS else bind(name)

    text = expression(layer.make, bind_class)
    call = layer.make.expression
    assert isinstance(call, ast.Call)
    keywords = {keyword.arg for keyword in call.keywords}
    if "dtype" not in keywords:
        text = extended(text, "dtype=dtype")
    named = "name" in keywords
    if layer.loop:
        count = next(name for name in "ijkn" if name not in targets)
        text = text if named else extended(text, f'name=f"{layer.name}_{{{count}}}"')
        text = f"[{text} for {_counted(layer.loop, count, bind)}]"
    elif not named:
        text = extended(text, f"name={literal(layer_name(layer))}")
    if layer.when:
        nothing = "[]" if layer.loop else "None"
        text = f"{text} if {expression(layer.when, bind)} else {nothing}"
    return text


def layer_name(layer: Sublayer) -> str:
    """What the model calls a layer: names are unique there, and operations have theirs."""
    return f"{layer.name}_layer" if layer.name in OPS else layer.name


def _counted(loop: Loop, count: str, bind: Bind) -> str:
    """The loop over a list with a number for each of its layers."""
    iterable = expression(loop.iterable, bind)
    if loop.target == "_" and iterable.startswith("range(") and "," not in iterable:
        return f"{count} in {iterable}"
    inner = f"({loop.target})" if "," in loop.target else loop.target
    return f"{count}, {inner} in enumerate({iterable})"


def _targets(layer: Sublayer) -> frozenset[str]:
    if layer.loop is None:
        return frozenset()
    return names_of(ast.parse(f"for {layer.loop.target} in (): pass").body).local
