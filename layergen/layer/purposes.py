"""What an argument does, in words, where the spec's code shows it.

What code does not show is not said: a name alone means nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator

from layergen.keras_tables.meanings import meaning
from layergen.language import uses
from layergen.language.along import along
from layergen.language.axes import Shape
from layergen.language.model import Arg
from layergen.layer.facts import Facts
from layergen.layer.shape_text import axis_index
from layergen.source.code import Code


def purpose(facts: Facts, arg: Arg) -> str:
    """What the argument does, or "" where that is not plain."""
    said = [*_as_axis(facts, arg)] or [*_for_sublayers(facts, arg)]
    said += _as_switch(facts, arg)
    return f"{', and '.join(said)}." if said else ""


def weight_noun(name: str, shape: Shape) -> str:
    """How Keras' docstrings speak of a weight: `bias vector`, `` `kernel` weights matrix``."""
    rank = 3 if along(shape) else len(shape.dims or ())
    if name == "bias" and rank == 1:
        return "bias vector"
    nouns = {0: "scalar", 1: "vector", 2: "weights matrix"}
    return f"`{name}` {nouns.get(rank, 'weights tensor')}"


def _as_axis(facts: Facts, arg: Arg) -> Iterator[str]:
    """The first axis of an input whose size the argument is, or else of the output."""
    for tensor in facts.spec.inputs:
        for position, dim in tensor.shape.axes:
            if str(dim) == arg.name:
                index = axis_index(tensor.shape, position)
                where = "the last axis" if index == -1 else f"axis {index}"
                whose = f"`{tensor.name}`" if len(facts.inputs) > 1 else "the input"
                yield f"size of {where} of {whose}"
                return
    outputs = facts.outputs or ()
    if len(outputs) == 1 and outputs[0].shape.dims:
        if str(outputs[0].shape.dims[-1]) == arg.name:
            yield "dimensionality of the output space"


def _for_sublayers(facts: Facts, arg: Arg) -> Iterator[str]:
    """What sublayers take the argument for, those that take it for the same together."""
    for name, sublayer in uses.counted(facts.spec):
        if name == arg.name:
            yield f"number of layers in `{sublayer}`"
    found: dict[str, list[str]] = {}
    for use in uses.uses(facts.spec):
        text = meaning(use.layer, use.parameter)
        if use.argument == arg.name and text:
            name = f"`{use.sublayer.name}`"
            each = f"each layer in {name}" if use.sublayer.loop else name
            text = f"the {text}" if use.items else text
            found.setdefault(text, []).append(each)
    for text, layers in found.items():
        yield text.format(_listed(list(dict.fromkeys(layers))))


def _as_switch(facts: Facts, arg: Arg) -> Iterator[str]:
    """What is there, or is trained, if and only if the argument is true."""
    if not arg.type.is_flag or arg.type.optional:
        return
    weights, layers = facts.spec.weights, facts.spec.layers
    there = [
        ("a " if w.name == "bias" else "the ") + weight_noun(w.name, w.shape)
        for w in weights
        if _is(w.when, arg)
    ]
    there += [f"`{layer.name}`" for layer in layers if _is(layer.when, arg)]
    if there:
        yield f"whether the layer uses {_listed(there)}"
    trained = [f"`{weight.name}`" for weight in weights if weight.trainable == arg.name]
    if trained:
        yield f"whether {_listed(trained)} can be trained"


def _is(condition: Code | None, arg: Arg) -> bool:
    return condition is not None and condition.text.strip() == arg.name


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
