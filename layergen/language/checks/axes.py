"""`axis_of` and `along`: axes that exist, chosen by arguments that can choose them."""

from __future__ import annotations

from layergen.language.along import along, axis_arguments, lying_along, positions
from layergen.language.context import Context
from layergen.language.dims import closure, sizes
from layergen.language.model import Arg, Spec, Weight
from layergen.nearest import nearest


def check_axes(spec: Spec, context: Context) -> None:
    for where, args in (("args", spec.args), ("call_args", spec.call_args)):
        for arg in args:
            if arg.axis_of:
                _check_argument(arg, where, spec, context)
    known = axis_arguments(spec)
    for weight in lying_along(spec).values():
        name, is_weight = along(weight.shape), isinstance(weight, Weight)
        where = "weights" if is_weight else "states"
        place = context.place(where, weight.name, "along")
        if name not in known and name not in context.ghosts:
            message = f"`{name}` is no argument that chooses axes"
            hint = "as in `axis: {type: int, default: -1, axis_of: x}`"
            context.add("LG310", place, message, nearest(name, known, hint))
        elif spec.kind == "cell" and not is_weight:
            message = f"the state `{weight.name}` of a cell lies along axes"
            context.add("LG310", place, message, "give it a shape")
        elif name in known and known[name].type.optional:
            if not isinstance(weight, Weight) or not weight.when:
                message = (
                    f"`{name}` may be None, and `{weight.name}` lies along its axes"
                )
                hint = "say `when` there is such a weight" if is_weight else ""
                context.add("LG310", place, message, hint)
        elif spec.gradient is not None:
            message = f"`{weight.name}` lies along axes, and the layer has a `gradient`"
            hint = "give a function a gradient, and call it in `forward`"
            context.add("LG418", place, message, hint)
    for output in spec.outputs or ():
        names = {name for size in sizes(output.shape) for name in size.names}
        for name in sorted(closure(spec, names) & known.keys()):
            message = (
                f"the size of an output rests on `{name}`, whose axes `build` finds"
            )
            hint = "leave `outputs` out, or write `_`"
            context.add("LG310", output.shape.place, message, hint)


def _check_argument(arg: Arg, where: str, spec: Spec, context: Context) -> None:
    place = context.place(where, arg.name, "axis_of")
    first = spec.inputs[0]
    if where == "call_args":
        message = f"the call argument `{arg.name}` cannot choose axes"
        context.add("LG310", place, message, "put it in `args`")
    elif not arg.type.counts or arg.type.count is not None:
        message = f"`{arg.name}` is `{arg.type}`, which cannot choose axes"
        hint = "its type is `int`, `list[int]` or `int | list[int]`, of no fixed length"
        context.add("LG310", place, message, hint)
    elif arg.axis_of != first.name or first.many:
        message = f"`{arg.axis_of}` is no input whose axes can be chosen"
        hint = "they are those of the first input, which is one tensor"
        context.add("LG310", place, message, hint)
    elif first.shape.dims is not None and first.shape.rest is None:
        count = len(first.shape.dims)
        if arg.default is not None and positions(arg, arg.default, count) is None:
            place = context.place(where, arg.name, "default")
            message = (
                f"the default of `{arg.name}` does not fit: {arg.default} is no axis"
            )
            context.add("LG208", place, f"{message} of {count}")
