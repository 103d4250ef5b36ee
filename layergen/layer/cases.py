"""The cases that the emitted test tries a layer with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from layergen.layer.constructor import parameters
from layergen.layer.examples import (
    ANY_SHAPE,
    Text,
    constructor_call,
    example,
    input_range,
)
from layergen.layer.facts import Facts
from layergen.layer.literals import literal
from layergen.layer.sizes import Sizes, find_sizes
from layergen.layer.weights import maker_arguments
from layergen.spec import dims
from layergen.spec.model import Anyone, Arg, Code, Input, Size


@dataclass(frozen=True)
class Case:
    """One `LayerCase`; every value is Python text. `options` are its keyword arguments."""

    args: tuple[Text, ...]
    inputs: tuple[Text, ...]
    options: tuple[Text, ...]


def cases(facts: Facts, first: Sizes) -> Iterator[Case]:
    """Defaults; another rank where the shape has `...`; arguments that are no defaults."""
    yield _case(facts, first, {})
    given = example(facts)
    if facts.first.shape.rest is not None and not facts.rests.keys() & given.keys():
        ranked = find_sizes(facts, given, len(first.rest) + 1)
        if ranked:
            yield _case(facts, ranked, {})
    changed = _changes(facts)
    values = {name: value for name, value in changed.items() if name in facts.args}
    other = find_sizes(facts, {**given, **values}, len(first.rest)) if changed else None
    if other:
        yield _case(facts, other, changed)


def _case(facts: Facts, sizes: Sizes, changed: dict[str, Any]) -> Case:
    args = dict(constructor_call(facts, sizes))
    args |= {name: literal(value) for name, value in changed.items()}
    order = [parameter.name for parameter in parameters(facts)]
    return Case(
        tuple(sorted(args.items(), key=lambda item: order.index(item[0]))),
        tuple(
            (tensor.name, _input_text(tensor, sizes)) for tensor in facts.spec.inputs
        ),
        tuple(_options(facts, sizes, changed)),
    )


def _input_text(tensor: Input, sizes: Sizes) -> str:
    """A shape, or an `Input` where dtype or range are stated."""
    shape = literal(sizes.shape(tensor.shape) or ANY_SHAPE)
    low, high = input_range(tensor, sizes)
    stated = {"min": low, "max": high}
    parts = [
        f"{name}={literal(value)}"
        for name, value in stated.items()
        if value is not None
    ]
    if tensor.dtype:
        parts.insert(0, literal(tensor.dtype))
    return f"Input({', '.join([shape, *parts])})" if parts else shape


def _options(facts: Facts, sizes: Sizes, changed: dict[str, Any]) -> Iterator[Text]:
    spec = facts.spec
    outputs = _outputs(facts, sizes)
    if outputs:
        yield "outputs", literal(outputs[0] if len(outputs) == 1 else outputs)
    if "training" in facts.reads(spec.forward):
        yield "training", "True"
    if spec.mask:
        yield "mask", literal(spec.mask)
    unknown = _unknown(facts, sizes)
    if unknown != (0,):
        yield "unknown", literal(unknown)
    if not _rows_independent(facts):
        yield "rows_independent", "False"
    if spec.equivalent and _speaks_of(facts, spec.equivalent, changed):
        yield "equivalent", "same_as_builtin"
    if spec.reference and _speaks_of(facts, spec.reference, changed):
        yield "reference", "reference"


def _outputs(facts: Facts, sizes: Sizes) -> tuple[tuple[int, ...], ...]:
    """The shapes of the outputs, or none unless all of their axes are stated."""
    shapes = [output.shape for output in facts.spec.outputs or ()]
    found = [sizes.shape(shape) for shape in shapes]
    unnamed = any(
        isinstance(dim, Anyone) for shape in shapes for dim in shape.dims or ()
    )
    return () if unnamed or None in found else tuple(s for s in found if s is not None)


def _unknown(facts: Facts, sizes: Sizes) -> tuple[int, ...]:
    """The axes that may be unknown until run time, and then have any size.

    Of every input alike: an axis that a weight rests on, or whose size must fit another
    axis than the batch, cannot vary alone. What a given layer needs to know is not known.
    """
    if any(arg.type.name == "Layer" for arg in facts.spec.args):
        return (0,)
    shapes = [tensor.shape for tensor in facts.spec.inputs]
    named = [
        name for shape in shapes for size in dims.sizes(shape) for name in size.names
    ]
    free = {name for name in facts.axes if named.count(name) == 1} - {*facts.pinned}
    first = len(sizes.shape(facts.first.shape) or ANY_SHAPE)
    bound = set()
    for tensor in facts.spec.inputs:
        rank = len(sizes.shape(tensor.shape) or ANY_SHAPE)
        fixed = {a.index % rank for a in facts.fixed_axes if a.tensor == tensor.name}
        bound |= fixed | {
            position % rank
            for position, dim in tensor.shape.axes
            if isinstance(dim, Size) and dim.text not in free and position
        }
    return tuple(axis for axis in range(first) if axis not in bound)


def _rows_independent(facts: Facts) -> bool:
    """Whether every input and output begins with the batch."""
    spec = facts.spec
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [output.shape for output in spec.outputs or ()]
    return all(
        shape.dims is None or str((*shape.dims, "")[0]).startswith(("...", "batch"))
        for shape in shapes
    )


def _speaks_of(facts: Facts, code: Code, changed: dict[str, Any]) -> bool:
    """Whether code that computes the same knows of every argument that was changed."""
    makers = {maker.name for maker in maker_arguments(facts)}
    return changed.keys() <= makers | facts.reads(code)


def _changes(facts: Facts) -> dict[str, Any]:
    """Other values for arguments that have defaults."""
    changed: dict[str, Any] = {}
    if facts.spec.activation is not None:
        changed["activation"] = "sigmoid" if facts.spec.activation == "tanh" else "tanh"
    given = example(facts)
    for arg in facts.spec.args:
        if not arg.required and arg.name not in given:
            changed |= _other_value(arg)
    for maker in maker_arguments(facts):
        if maker.role == "initializer" and len(maker.weight.shape.dims or ()) > 1:
            return changed | {maker.name: "he_normal"}
    return changed


def _other_value(arg: Arg) -> dict[str, Any]:
    if isinstance(arg.default, bool):
        return {arg.name: not arg.default}
    others = [choice for choice in arg.type.choices if choice != arg.default]
    return {arg.name: others[0]} if others else {}
