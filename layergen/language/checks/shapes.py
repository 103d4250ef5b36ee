"""Shapes against each other: every dimension known, every `...` meant."""

from __future__ import annotations

from layergen.language.axes import Anyone, Member, Rest, Shape
from layergen.language.context import Context
from layergen.language.dims import (
    dimensions,
    names_in,
    rests,
    sizes,
    value_names,
)
from layergen.language.model import Spec
from layergen.nearest import nearest
from layergen.problems import Place
from layergen.source.code import Size


def check_shapes(spec: Spec, context: Context) -> None:
    known = dimensions(spec) | value_names(spec) | context.ghosts
    for arg in spec.args:
        if arg.shape:
            _check_names(arg.shape, known, context)
            _check_array(arg.name, arg.shape, context)
    for index, tensor in enumerate(spec.inputs):
        _check_names(tensor.shape, known, context, tensor.optional)
        if index:
            _check_rest(tensor.shape, f"the input `{tensor.name}`", spec, context)
    variables = [
        (f"the weight `{weight.name}`", weight.shape) for weight in spec.weights
    ]
    variables += [(f"the state `{state.name}`", state.shape) for state in spec.states]
    for what, shape in variables:
        _check_names(shape, known, context)
        _check_rest(shape, what, spec, context)
        _check_fixed(shape, what, context)
    for output in spec.outputs or ():
        what = f"the output `{output.name}`" if output.name else "the output"
        _check_names(output.shape, known, context)
        _check_rest(output.shape, what, spec, context)
    _check_values(spec, context)


def _check_names(
    shape: Shape, known: set[str], context: Context, optional: bool = False
) -> None:
    if context.loose:
        return
    for size in sizes(shape):
        for name in size.names:
            if name not in known:
                hint = "a dimension is bound where it stands alone in `inputs`"
                if optional:
                    hint = "an optional input binds nothing: write `_`"
                near = nearest(name, known, hint)
                message = f"unknown dimension `{name}`"
                context.add("LG302", _place(size, name), message, near)


def _place(size: Size, name: str) -> Place:
    """A name's place in a dimension, which has the spacing of its text as a rule."""
    offset = 0 if size.is_name else max(size.text.find(name), 0)
    return Place(size.place.line, size.place.column + offset)


def _check_rest(shape: Shape, what: str, spec: Spec, context: Context) -> None:
    """`...` anywhere but in the first input repeats the first input's axes."""
    if shape.rest is None:
        return
    assert shape.dims is not None
    rest = shape.dims[shape.rest]
    first = spec.inputs[0]
    known = isinstance(rest, Rest) and (not rest.name or rest.name in rests(spec))
    if isinstance(rest, Rest) and rest.name and not known and not context.loose:
        message = f"unknown group of axes `...{rest.name}`"
        near = nearest(rest.name, rests(spec), "name it in the first input")
        context.add("LG304", shape.place, message, near)
    elif first.shape.rest is None and not context.loose:
        message = f"`...` in the shape of {what}, and none in the input `{first.name}`"
        hint = "it stands for the axes of `...` in the first input"
        context.add("LG303", shape.place, message, hint)


def _check_fixed(shape: Shape, what: str, context: Context) -> None:
    if shape.dims is None and not context.loose:
        message = f"{what} needs a shape, not `any`"
        context.add("LG306", shape.place, message, "name its axes")
    if any(isinstance(dim, Anyone) for dim in shape.dims or ()):
        message = f"{what} has an axis `_`, whose size nobody knows"
        context.add("LG306", shape.place, message, "name the axis")


def _check_array(name: str, shape: Shape, context: Context) -> None:
    if shape.rest is not None:
        message = f"`...` in the shape of the argument `{name}`"
        hint = "name every axis; `_` is an axis that nobody names"
        context.add("LG303", shape.place, message, hint)


def _check_values(spec: Spec, context: Context) -> None:
    """An argument in a shape is a size: an int, and at least 1.

    One that may be None can stand in a weight's shape if `when` looks at it.
    """
    args = {arg.name: arg for arg in spec.args}
    shapes = [(tensor.shape, set[str]()) for tensor in spec.inputs]
    shapes += [
        (weight.shape, names_in(weight.when.expression) if weight.when else set())
        for weight in spec.weights
    ]
    shapes += [(state.shape, set()) for state in spec.states]
    shapes += [(output.shape, set()) for output in spec.outputs or ()]
    shapes += [(arg.shape, set()) for arg in spec.args if arg.shape]
    for size, settled in ((size, s) for shape, s in shapes for size in sizes(shape)):
        if isinstance(size, Member):
            continue
        for arg in (args[name] for name in size.names if name in args):
            maybe_none = arg.type.optional and arg.name not in settled
            if not arg.type.is_size or maybe_none:
                message = f"the argument `{arg.name}` is `{arg.type}` and no size"
                context.add("LG307", _place(size, arg.name), message, "sizes are ints")
            elif isinstance(arg.default, int) and arg.default < 1 and arg.min is None:
                if arg.above is None and size.is_name:
                    place = context.place("args", arg.name, "default")
                    message = f"the default of `{arg.name}` does not fit: "
                    message += f"{arg.default} is no size, and `{arg.name}` is one"
                    context.add("LG208", place, message, "sizes are at least 1")
