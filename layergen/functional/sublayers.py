"""The sublayers of a spec as layers of a model."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.names import LAYERS, OPS
from layergen.language.model import Loop, Sublayer
from layergen.layer.facts import Facts
from layergen.layer.sublayers import range_call
from layergen.source.literals import literal, numbered
from layergen.source.rewrite import Bind, expression, extended
from layergen.source.scopes import names_of
from layergen.source.statements import Assign, Statement
from layergen.source.written import Written


def made_sublayers(facts: Facts, bind: Bind) -> Iterator[Statement]:
    """The statements that make them."""
    for layer in facts.spec.layers:
        yield Assign(layer.name, _made(facts, layer, bind))


def _made(facts: Facts, layer: Sublayer, bind: Bind) -> str:
    targets = _targets(layer)

    def bind_class(name: str) -> str:
        if name in targets:
            return name
        keras_own = name in LAYERS and not facts.is_value(name)
        return f"keras.layers.{name}" if keras_own else bind(name)

    text = expression(layer.make, bind_class)
    call = layer.make.expression
    assert isinstance(call, ast.Call)
    keywords = {keyword.arg for keyword in call.keywords}
    if "dtype" not in keywords:
        text = extended(text, "dtype=dtype")
    named = "name" in keywords
    if layer.loop:
        count = facts.scope.fresh("i")
        text = text if named else extended(text, f"name={numbered(layer.name, count)}")
        loop = _counted(layer.loop, count, bind)
        text = Written(f"[{text} for {loop}]", text, loop)
    elif not named:
        text = extended(text, f"name={literal(layer_name(layer))}")
    if layer.when:
        nothing = "[]" if layer.loop else "None"
        when = expression(layer.when, bind)
        text = Written(f"{text} if {when} else {nothing}", text, when)
    return text


def layer_name(layer: Sublayer) -> str:
    """What the model calls a layer: names are unique there, and operations have theirs."""
    return f"{layer.name}_layer" if layer.name in OPS else layer.name


def _counted(loop: Loop, count: str, bind: Bind) -> str:
    """The loop over a list with a number for each of its layers."""
    iterable = expression(loop.iterable, bind)
    numbers = range_call(loop)
    if loop.target == "_" and numbers and len(numbers.args) == 1:
        return Written(f"{count} in {iterable}", iterable)
    inner = f"({loop.target})" if "," in loop.target else loop.target
    return Written(f"{count}, {inner} in enumerate({iterable})", iterable)


def _targets(layer: Sublayer) -> frozenset[str]:
    if layer.loop is None:
        return frozenset()
    return names_of(ast.parse(f"for {layer.loop.target} in (): pass").body).local
