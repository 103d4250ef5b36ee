"""The names of a function that builds a model: its parameters, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.functional.activation import activation_function
from layergen.functional.weights import Found
from layergen.language.axes import Rest
from layergen.language.dims import sizes
from layergen.layer.constructor import parameters
from layergen.layer.facts import Facts
from layergen.problems import Place

MODEL = ("name", "dtype")
HINT = "give it another name"


def own_parameters(facts: Facts) -> tuple[str, ...]:
    """The function's parameters: shapes, the constructor's own, and those of every model."""
    own = [parameter.name for parameter in parameters(facts)]
    if activation_function(facts):
        own.remove("activation")
    return (*facts.shape_names, *own, *MODEL)


def name_refusals(facts: Facts) -> Iterator[Found]:
    """The names that cannot stand beside the function's parameters.

    An input has a variable of another name there, unless `forward` gives it a value.
    """
    own = {*own_parameters(facts)}
    forward = facts.spec.forward
    found = [(name, forward.place(node)) for name, node in forward.names.bound]
    for part in (facts.spec.derived, facts.spec.layers, facts.spec.functions):
        found += [(named.name, named.place) for named in part]
    found += _dimensions(facts)
    for layer in facts.spec.layers:
        if layer.loop:
            targets = layer.loop.target.split(", ")
            found += [(name, layer.place) for name in targets]
    if facts.spec.imports:
        place = facts.spec.imports.lines[0]
        found += [(name, place) for name in sorted(facts.spec.imported)]
    taken = {*facts.shape_names, *MODEL}
    found += [(arg.name, arg.place) for arg in facts.spec.args if arg.name in taken]
    for name, place in found:
        if name in own:
            text = f"`{name}` is a name of the function's own"
            yield place, "LG609", text, HINT


def _dimensions(facts: Facts) -> Iterator[tuple[str, Place]]:
    """The dimensions that the inputs bind, each where it is first written."""
    own = {**facts.axes, **facts.rests}
    seen: set[str] = set()
    for tensor in facts.spec.inputs:
        written = [(n, size.place) for size in sizes(tensor.shape) for n in size.names]
        for dim in tensor.shape.dims or ():
            if isinstance(dim, Rest) and dim.name:
                written.append((dim.name, tensor.shape.place))
        for name, place in written:
            if name in own and name not in seen:
                seen.add(name)
                yield name, place
