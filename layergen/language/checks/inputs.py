"""What `call` takes: which inputs may be left out, and what its arguments may be."""

from __future__ import annotations

from layergen.language.context import Context
from layergen.language.dims import bindings, pinned
from layergen.language.model import Spec


def check_inputs(spec: Spec, context: Context) -> None:
    _check_optional(spec, context)
    _check_joined(spec, context)
    _check_axes(spec, context)
    for arg in spec.args:
        if not arg.type.in_args:
            message = f"the argument `{arg.name}` is `{arg.type}`"
            context.add("LG207", arg.place, message, "put it in `call_args`")
    for arg in spec.call_args:
        if not arg.type.in_call:
            message = f"the call argument `{arg.name}` is `{arg.type}`"
            hint = "make it an input" if arg.type.is_tensor else "put it in `args`"
            context.add("LG207", arg.place, message, hint)
    _check_positional(spec, context)
    _check_scalars(spec, context)


def _check_positional(spec: Spec, context: Context) -> None:
    """What must be given comes before what need not be, as Python wants it."""
    positional = [arg for arg in spec.call_args if arg.positional]
    before = next((one.name for one in spec.inputs if one.optional), "")
    for arg in positional:
        if before and arg.required:
            message = f"`{arg.name}` must be given, and stands after `{before}`, "
            hint = "give it a default, or leave `positional` out"
            context.add("LG218", arg.place, message + "which need not be", hint)
        before = before or ("" if arg.required else arg.name)


def _check_scalars(spec: Spec, context: Context) -> None:
    """What may be a tensor has no value that Python can look at."""
    names = {arg.name for arg in spec.scalars}
    conditions = [one.condition for one in spec.require]
    conditions += [one.when for one in spec.outputs or () if one.when]
    for code in conditions:
        for node in code.names.free:
            if node.id in names:
                message = f"`{node.id}` may be a tensor, whose value no condition sees"
                hint = "a condition over sizes and numbers, or `min` and `max` for it"
                context.add("LG227", code.place(node), message, hint)
    if spec.gradient is not None and names:
        message = f"`{min(names)}` may be a tensor, and the layer has a `gradient`"
        hint = "give a function a gradient, and call it in `forward`"
        context.add("LG418", spec.gradient.place, message, hint)


def _check_axes(spec: Spec, context: Context) -> None:
    """What is said of axes holds for those that the input itself binds."""
    bound, fixed = bindings(spec), pinned(spec)
    for tensor in spec.inputs:
        for key, names in (("known", tensor.known), ("unknown", tensor.unknown)):
            place = context.place("inputs", tensor.name, key)
            for name in names:
                axis = bound.get(name)
                if axis is None or not axis.of_input or axis.owner != tensor.name:
                    message = (
                        f"`{key}` of `{tensor.name}` names `{name}`, which is no axis"
                    )
                    hint = "name an axis whose size this input is the first to have"
                    context.add("LG316", place, f"{message} that it binds", hint)
                elif key == "unknown" and name in fixed:
                    message = (
                        f"`{name}` is `unknown` of `{tensor.name}`, and must be known"
                    )
                    hint = "`build` needs its size, or `known` names it"
                    context.add("LG316", place, message, hint)


def _check_joined(spec: Spec, context: Context) -> None:
    """One list or dict holds several tensors, and no lists of them."""
    if not spec.joins_inputs:
        return
    written = f"`inputs_as: {spec.inputs_as}`"
    if len(spec.inputs) == 1:
        message = f"{written} of a single input"
        hint = "leave it out: `many: true` makes an input a list of any number"
        context.add("LG222", context.place("inputs_as"), message, hint)
    for tensor in spec.inputs:
        if tensor.many:
            message = f"`{tensor.name}`, a list of tensors, in one {spec.inputs_as}"
            hint = "declare each tensor by name, or leave `inputs_as` out"
            context.add("LG222", tensor.place, message, hint)
        elif tensor.optional and spec.inputs_as == "list":
            message = f"`{tensor.name}` cannot be left out of a list"
            context.add("LG222", tensor.place, message, "write `inputs_as: dict`")


def _check_optional(spec: Spec, context: Context) -> None:
    """Python and Keras both want what must be given to come first."""
    if spec.inputs[0].optional:
        message = f"the first input, `{spec.inputs[0].name}`, is optional"
        hint = "a layer is called with one tensor at least"
        context.add("LG218", spec.inputs[0].place, message, hint)
    before = ""
    for tensor in spec.inputs[1:]:
        if before and not tensor.optional:
            message = f"`{tensor.name}` must be given, and stands after `{before}`, "
            hint = "put optional inputs last"
            context.add("LG218", tensor.place, message + "which need not be", hint)
        before = before or (tensor.name if tensor.optional else "")
