"""Outputs in a list or a dict, and those that are left out under a condition."""

from __future__ import annotations

import ast

from layergen.forward.checks.names import check_code
from layergen.forward.vocabulary import for_choice
from layergen.language.context import NO_CODE, Context
from layergen.language.model import Output, Spec
from layergen.source.code import Code
from layergen.source.trees import returned_values

WRITTEN = "write `return a, b`, one part for each output, in their order"


def check_gathered(spec: Spec, context: Context) -> None:
    """Record what stands in the way of putting the outputs together."""
    outputs = spec.outputs or ()
    for output in outputs:
        if output.when:
            what = f"`when` of the output `{output.name}`"
            check_code(output.when, for_choice(spec, what), spec, context)
    gathered = spec.outputs_as != "tuple"
    if not gathered and not spec.leaves_out:
        return
    if len(outputs) < 2:
        _check_several(spec, gathered, context)
        return
    _check_conditions(outputs, context)
    for whose, code in (("forward", spec.forward), ("reference", spec.reference)):
        _check_returns(whose, code, context)
    reads = {node.id for node in spec.leaves_out.names.free} if spec.leaves_out else ()
    late = {arg.name for arg in spec.call_args} & {*reads}
    if late and spec.outputs_as == "dict" and spec.mask not in (None, "stop"):
        message = "a mask of outputs in a dict, of which a call leaves some out"
        hint = "Keras cannot tell which has it: `mask: stop`, or `outputs_as: list`"
        context.add("LG223", context.place("mask"), message, hint)


def _check_several(spec: Spec, gathered: bool, context: Context) -> None:
    """What is put together, or left out, is one of several outputs with names."""
    if gathered:
        message = f"`outputs_as: {spec.outputs_as}` without several outputs"
        place = context.place("outputs_as")
    else:
        [output] = spec.outputs or ()
        message = "`when` of the only output"
        path = ("outputs", output.name) if output.name else ("outputs",)
        place = context.place(*path, "when")
    hint = "`outputs: {mean: [...], scale: [...]}` names them"
    context.add("LG223", place, message, hint)


def _check_conditions(outputs: tuple[Output, ...], context: Context) -> None:
    """The first output is always there, and all others that are not go together."""
    conditions = [(one, one.when) for one in outputs if one.when]
    for output, when in conditions:
        place = context.place("outputs", str(output.name), "when")
        if output is outputs[0]:
            message = f"the first output, `{output.name}`, may be left out"
            context.add("LG223", place, message, "put what is always there first")
        elif when.text != conditions[0][1].text:
            message = f"`{output.name}` is left out under a condition of its own"
            hint = "all outputs with `when` have the same"
            context.add("LG223", place, message, hint)


def _check_returns(whose: str, code: Code | None, context: Context) -> None:
    """What is put together must be written out."""
    if code is None or code is NO_CODE:
        return
    for value in returned_values(code):
        parts = value.elts if isinstance(value, ast.Tuple) else []
        if not parts or any(isinstance(one, ast.Starred) for one in parts):
            message = f"`{whose}` returns several outputs that are not written out"
            context.add("LG223", code.place(value), message, WRITTEN)
