"""What `call` takes: which inputs may be left out, and what its arguments may be."""

from __future__ import annotations

from layergen.language.context import Context
from layergen.language.dims import bindings, pinned
from layergen.language.model import Spec


def check_inputs(spec: Spec, context: Context) -> None:
    _check_optional(spec, context)
    _check_joined(spec, context)
    _check_axes(spec, context)
    for arg in spec.call_args:
        if not arg.type.in_call:
            message = f"the call argument `{arg.name}` is `{arg.type}`"
            hint = "make it an input" if arg.type.is_tensor else "put it in `args`"
            context.add("LG207", arg.place, message, hint)


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
