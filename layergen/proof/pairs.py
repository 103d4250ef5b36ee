"""A class and its function as two models, for a test that they compute the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from layergen.example.sizes import ANY_SHAPE
from layergen.example.values import (
    call_of,
    constructor_call,
    example_sizes,
    input_range,
)
from layergen.forward.scope import Scope
from layergen.functional.builtin import KERNELS, WeightLayer
from layergen.functional.sublayers import layer_name
from layergen.keras_tables.dtypes import is_integer
from layergen.keras_tables.layers import having
from layergen.language.model import Input
from layergen.layer.facts import Facts
from layergen.source.code import Code
from layergen.source.literals import literal, numbered
from layergen.source.trees import names_in
from layergen.source.written import Written

# What the test says besides.
TAKEN = (
    *("inputs", "layer", "by_class", "model", "weights", "one", "other", "rng"),
    *("expected", "received", "targets", "keras", "np", "assert_close"),
)


class Pairs(Struct, frozen=True):
    """A class and a function as two models, with the weights that they share."""

    arguments: Written
    inputs: str
    called: str
    weights: tuple[str, ...]
    data: tuple[str, ...]
    given: str
    trains: bool


def model_pairs(facts: Facts, layers: tuple[WeightLayer, ...]) -> Pairs:
    """What a test needs to hold the model of a function to that of a class."""
    sizes = example_sizes(facts)
    tensors = facts.spec.inputs
    shapes = [sizes.shape(tensor.shape) or ANY_SHAPE for tensor in tensors]
    made = [_symbolic(t, shape) for t, shape in zip(tensors, shapes, strict=True)]
    scope = Scope.of(TAKEN, (facts.spec.layer, facts.spec.stem))
    names = [scope.fresh(tensor.name) for tensor in tensors]
    data = (
        f"{name} = {_drawn(t, shape, input_range(t, sizes))}"
        for name, t, shape in zip(names, tensors, shapes, strict=True)
    )
    several = len(tensors) > 1
    spread = several and not facts.spec.joins_inputs
    return Pairs(
        call_of(dict(constructor_call(facts, sizes)), facts),
        _together(facts, made) if several else made[0],
        "*inputs" if spread else "inputs",
        tuple(_weight_pairs(facts, layers)),
        tuple(data),
        _together(facts, names) if several else names[0],
        not any(_draws(layer.make) for layer in facts.spec.layers),
    )


def _together(facts: Facts, texts: list[str]) -> str:
    return literal(facts.spec.joined(map(Written, texts)))


def _draws(make: Code) -> bool:
    """Whether a call makes a layer that is random in training, and nothing else."""
    names = {n.id for n in names_in(make.expression)}
    names |= {n.attr for n in make.nodes if isinstance(n, ast.Attribute)}
    return not names.isdisjoint(having("seeded") - having("weighted"))


def _symbolic(tensor: Input, shape: tuple[int, ...]) -> str:
    dtype = f", dtype={literal(tensor.dtype)}" if tensor.dtype else ""
    return f"keras.Input({literal(shape[1:])}{dtype})"


def _weight_pairs(facts: Facts, layers: tuple[WeightLayer, ...]) -> Iterator[str]:
    for layer in layers:
        got = f"model.get_layer({literal(layer.name)})"
        yield f"(layer.{layer.weight.name}, {got}.{KERNELS[layer.use.layer]})"
        if layer.bias is not None and layer.bias.when is None:
            yield f"(layer.{layer.bias.name}, {got}.bias)"
    for inner in facts.spec.layers:
        name = literal(layer_name(inner))
        zipped = f"zip(layer.{inner.name}.weights, model.get_layer({name}).weights, strict=True)"
        if inner.loop:
            got = f"model.get_layer({numbered(inner.name, 'i')}).weights"
            zipped = (
                f"(pair for i, one in enumerate(layer.{inner.name}) "
                f"for pair in zip(one.weights, {got}, strict=True))"
            )
        yield f"*{zipped}"


def _drawn(tensor: Input, shape: tuple[int, ...], bounds: tuple[object, object]) -> str:
    low, high = bounds
    if is_integer(tensor.dtype):
        top = f"{high} + 1" if high is not None else str(int(str(low or 0)) + 2)
        return f"rng.integers({low or 0}, {top}, {literal(shape)})"
    return f"rng.normal(size={literal(shape)})"
