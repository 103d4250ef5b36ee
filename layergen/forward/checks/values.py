"""Values that name other things: `trainable`, bounds of inputs, `example`."""

from __future__ import annotations

import ast

from layergen.forward.checks.layers import check_layer_call
from layergen.forward.checks.names import check_code
from layergen.forward.vocabulary import for_example
from layergen.language.context import Context
from layergen.language.dims import dimensions, value_names
from layergen.language.evaluate import (
    TOO_MUCH,
    TOO_MUCH_HINT,
    Budget,
    TooMuch,
    Unknown,
    evaluate,
)
from layergen.language.model import Spec, Weight
from layergen.language.types.base import Type
from layergen.nearest import nearest
from layergen.source.code import Code


def check_values(spec: Spec, context: Context) -> None:
    for weight in spec.weights:
        _check_trainable(weight, spec, context)
    _check_input_bounds(spec, context)
    _check_example(spec, context)


def _check_trainable(weight: Weight, spec: Spec, context: Context) -> None:
    name = weight.trainable
    if isinstance(name, bool) or name in context.ghosts:
        return
    flags = {arg.name for arg in spec.args if arg.type.is_flag}
    if name not in flags:
        message = f"`trainable` of `{weight.name}` names `{name}`, no bool argument"
        place = context.place("weights", weight.name, "trainable")
        context.add("LG215", place, message, nearest(name, flags))


def _check_input_bounds(spec: Spec, context: Context) -> None:
    known = dimensions(spec) | value_names(spec)
    for index, tensor in enumerate(spec.inputs):
        path = ("inputs", tensor.name)
        for field in ("min", "below"):
            bound = getattr(tensor, field)
            place = context.place(*path, field)
            if not isinstance(bound, str) or bound in known | context.ghosts:
                continue
            if index == 0 and ("inputs", field) in context.places:
                place = context.place("inputs", field)
            if not context.loose:
                message = f"unknown name `{bound}` as a bound of `{tensor.name}`"
                context.add("LG302", place, message, nearest(bound, known))
        low, high = tensor.min, tensor.below
        if isinstance(low, (int, float)) and isinstance(high, (int, float)):
            if low >= high:
                message = f"no value of `{tensor.name}` meets its bounds"
                context.add("LG209", context.place(*path, "below"), message)


def _check_example(spec: Spec, context: Context) -> None:
    dims = dimensions(spec)
    args = {arg.name: arg for arg in (*spec.args, *spec.call_args)}
    for name, value in spec.example:
        place = context.place("example", name)
        if name in dims:
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                message = f"the example of the dimension `{name}` is no size"
                context.add("LG214", place, message, "sizes are ints of at least 1")
        elif name in args:
            _check_layer_example(name, value, args[name].type, spec, context)
        elif name not in context.ghosts and not context.loose:
            if name == "activation" and spec.activation is not None:
                hint = "the tests use its default and another one: leave it out"
                context.add("LG214", place, "`activation` takes no example", hint)
                continue
            message = f"`{name}` is no argument and no dimension"
            context.add("LG214", place, message, nearest(name, dims | set(args)))
    _check_requirements(spec, context)


def _check_layer_example(
    name: str, value: object, type_: Type, spec: Spec, context: Context
) -> None:
    if type_.is_layer and isinstance(value, Code):
        call = value.expression if value.is_expression else None
        if not isinstance(call, ast.Call):
            message = f"the example of the layer `{name}` must be a call"
            context.add("LG214", value.lines[0], message, "as in `Dense(4)`")
        elif check_layer_call(value, call, "LG214", f"`{name}`", spec, context):
            what = f"the example of `{name}`"
            check_code(value, for_example(spec, what), spec, context)


def _check_requirements(spec: Spec, context: Context) -> None:
    """An example must meet the conditions of the spec, as far as they can be told."""
    args = (*spec.args, *spec.call_args)
    values = {arg.name: arg.default for arg in args if not arg.required}
    values |= dict(spec.example)
    budget = Budget()
    for derived in spec.derived:
        try:
            values[derived.name] = _worked_out(derived.code, values, budget, context)
        except Unknown:
            continue
    for requirement in spec.require:
        try:
            holds = _worked_out(requirement.condition, values, budget, context)
        except Unknown:
            continue
        if not holds and spec.example:
            message = (
                f"the example breaks a condition of `require`: {requirement.message}"
            )
            context.add("LG214", context.place("example"), message)


def _worked_out(
    code: Code, values: dict[str, object], budget: Budget, context: Context
) -> object:
    """The value of an expression; the first that takes too much work is a problem."""
    had_steps = budget.left > 0
    try:
        return evaluate(code.expression, values, budget)
    except TooMuch:
        if had_steps:
            context.add("LG430", code.lines[0], TOO_MUCH, TOO_MUCH_HINT)
        raise
