"""Where the dimensions of a spec get their sizes from."""

from __future__ import annotations

import ast

from msgspec import Struct

from layergen.language.axes import Rest, Shape
from layergen.language.model import Derived, Spec
from layergen.language.variables import declared
from layergen.source.code import Size
from layergen.source.walk import nodes


class Axis(Struct, frozen=True):
    """One axis of an input or of an Array argument.

    `position` counts from the front, or (negative) from the back after `...`.
    """

    owner: str
    position: int
    of_input: bool


def value_names(spec: Spec) -> set[str]:
    """The names whose value is known without any input: arguments and derived values."""
    return {a.name for a in spec.args} | {d.name for d in spec.derived}


def bindings(spec: Spec) -> dict[str, Axis]:
    """Each dimension's name with the axis that it is first seen on.

    An optional input binds nothing, and the number of tensors of a `many` input is no
    axis. A name that is an argument or a derived value is no dimension of its own: axes are
    held to its value.
    """
    taken = value_names(spec)
    found: dict[str, Axis] = {}
    arrays = [(a.name, a.shape, False) for a in spec.args if a.shape]
    tensors = [(i.name, i.shape, True) for i in spec.inputs if not i.optional]
    for owner, shape, of_input in arrays + tensors:
        for position, dim in shape.axes:
            if isinstance(dim, Size) and dim.is_name and dim.text not in taken:
                found.setdefault(dim.text, Axis(owner, position, of_input))
    return found


def counts(spec: Spec) -> dict[str, str]:
    """Each dimension that is the number of an input's tensors, with that input."""
    taken = value_names(spec) | set(bindings(spec))
    return {
        tensor.many: tensor.name
        for tensor in reversed(spec.inputs)
        if isinstance(tensor.many, str)
        and tensor.many not in taken
        and not tensor.optional
    }


def dimensions(spec: Spec) -> set[str]:
    """Every name that is a size of the inputs (or of an Array argument)."""
    return {*bindings(spec), *counts(spec)}


def rests(spec: Spec) -> dict[str, str]:
    """Each name of a `...name` with the input that it is first seen in."""
    found: dict[str, str] = {}
    for tensor in spec.inputs:
        for dim in () if tensor.optional else tensor.shape.dims or ():
            if isinstance(dim, Rest) and dim.name:
                found.setdefault(dim.name, tensor.name)
    return found


def names_in(tree: ast.AST) -> set[str]:
    """Every name that occurs in a piece of Python."""
    return {n.id for n in nodes([tree]) if isinstance(n, ast.Name)}


def sizes(shape: Shape) -> list[Size]:
    """The axes of a shape that have a size to compute or check."""
    return [dim for _, dim in shape.axes if isinstance(dim, Size)]


def closure(spec: Spec, names: set[str]) -> set[str]:
    """`names` and, for each derived value among them, the names that it is made of."""
    made_of = {d.name: names_in(d.code.expression) for d in spec.derived}
    found: set[str] = set()
    todo = set(names)
    while todo:
        name = todo.pop()
        found.add(name)
        todo |= made_of.get(name, set()) - found
    return found


def pinned(spec: Spec) -> set[str]:
    """The dimensions known at build, then fixed.

    Weights, states, sublayers or derived values rest on them.
    """
    used = {name for tensor in spec.inputs for name in tensor.known}
    for variable in declared(spec):
        used |= {name for size in sizes(variable.shape) for name in size.names}
        if variable.initializer and variable.initializer.code:
            used |= names_in(variable.initializer.code.expression)
    for layer in spec.layers:
        used |= names_in(layer.make.expression)
        if layer.loop:
            used |= names_in(layer.loop.iterable.expression)
    conditions = [one.when for one in spec.weights] + [one.when for one in spec.layers]
    for when in filter(None, conditions):
        used |= names_in(when.expression)
    for derived in spec.derived:
        used |= names_in(derived.code.expression)
    return closure(spec, used) & set(bindings(spec))


def is_static(spec: Spec, derived: Derived) -> bool:
    """Whether a derived value rests on arguments alone, so that the constructor knows it."""
    unknown = {name for name, axis in bindings(spec).items() if axis.of_input}
    unknown |= {tensor.name for tensor in spec.inputs} | set(counts(spec))
    unknown |= {arg.name for arg in spec.args if arg.axis_of}
    return not closure(spec, {derived.name}) & unknown
