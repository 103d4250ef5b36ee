"""Values that name other things: makers, `trainable`, bounds, `example`, `imports`."""

from __future__ import annotations

import ast
from dataclasses import replace

from layergen.spec.code import check_code
from layergen.spec.collector import nearest
from layergen.spec.context import Context
from layergen.spec.dims import bindings, value_names
from layergen.spec.dotted import dotted
from layergen.spec.evaluate import Unknown, evaluate
from layergen.spec.keras_names import (
    CONSTRAINT_CLASSES,
    INITIALIZER_CLASSES,
    LAYERS,
    REGULARIZER_CLASSES,
)
from layergen.spec.literals import IDENTIFIERS
from layergen.spec.model import Code, Maker, Spec, Weight
from layergen.spec.vocabulary import for_equivalent, for_maker, imported

CLASSES = {
    "initializer": INITIALIZER_CLASSES,
    "regularizer": REGULARIZER_CLASSES,
    "constraint": CONSTRAINT_CLASSES,
}


def check_values(spec: Spec, context: Context) -> None:
    for weight in spec.weights:
        for field in CLASSES:
            maker = getattr(weight, field)
            if maker is not None:
                _check_maker(weight, field, maker, spec, context)
        _check_trainable(weight, spec, context)
    _check_input_bounds(spec, context)
    _check_example(spec, context)
    if spec.equivalent:
        _check_equivalent(spec.equivalent, spec, context)


def _check_maker(
    weight: Weight, field: str, maker: Maker, spec: Spec, context: Context
) -> None:
    place = context.place("weights", weight.name, field)
    args = {arg.name: arg for arg in spec.args}
    if maker.kind == "none" and field == "initializer":
        message = f"the initializer of `{weight.name}` cannot be null"
        context.add("LG212", place, message, "leave the key out for Keras' default")
    elif maker.kind == "argument":
        type_ = args[maker.text].type
        if type_.name.lower() != field:
            message = f"the argument `{maker.text}` is `{type_}`, no {field}"
            hint = f"give it the type `{field.capitalize()}`"
            context.add("LG212", place, message, hint)
    elif maker.kind == "identifier" and maker.text not in context.ghosts:
        known = IDENTIFIERS[field.capitalize()]
        if maker.text not in known:
            message = f"`{maker.text}` is no {field} that Keras knows by that name"
            hint = nearest(maker.text, known | set(args))
            if maker.text in CLASSES[field]:
                hint = f"write a call, as in `{maker.text}(...)`"
            context.add("LG211", place, message, hint)
    elif maker.code:
        _check_call(weight, field, maker.code, spec, context)


def _check_call(
    weight: Weight, field: str, code: Code, spec: Spec, context: Context
) -> None:
    call = code.expression
    assert isinstance(call, ast.Call)
    what = f"the {field} of `{weight.name}`"
    name, classes = dotted(call.func), CLASSES[field]
    root = name.split(".")[0]
    vocabulary = for_maker(spec, what, classes)
    if name not in classes and root not in imported(spec.imports):
        message = f"{what} calls `{name or ast.unparse(call.func)}`"
        hint = nearest(name, classes) or f"call a class of `keras.{field}s`"
        context.add("LG212", code.place(call), f"{message}, no {field} of Keras", hint)
        return
    names = check_code(code, vocabulary, spec, context)
    late = set(bindings(spec)) | {derived.name for derived in spec.derived}
    used = [free.id for free in names.free if free.id in late] if names else []
    if used and weight.expose:
        message = (
            f"{what} uses `{used[0]}`, known only at build, so that it is no argument"
        )
        hint = "write `expose: false` beside it"
        context.add("LG213", code.place(call), message, hint)


def _check_trainable(weight: Weight, spec: Spec, context: Context) -> None:
    name = weight.trainable
    if isinstance(name, bool) or name in context.ghosts:
        return
    flags = {arg.name for arg in spec.args if arg.type.name == "bool"}
    if name not in flags:
        message = f"`trainable` of `{weight.name}` names `{name}`, no bool argument"
        place = context.place("weights", weight.name, "trainable")
        context.add("LG215", place, message, nearest(name, flags))


def _check_input_bounds(spec: Spec, context: Context) -> None:
    known = set(bindings(spec)) | value_names(spec)
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
    dims = set(bindings(spec))
    args = {arg.name: arg for arg in spec.args}
    for name, value in spec.example:
        place = context.place("example", name)
        if name in dims:
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                message = f"the example of the dimension `{name}` is no size"
                context.add("LG214", place, message, "sizes are ints of at least 1")
        elif name in args:
            _check_layer_example(name, value, args[name].type.name, spec, context)
        elif name not in context.ghosts and not context.loose:
            message = f"`{name}` is no argument and no dimension"
            hint = nearest(name, dims | set(args))
            context.add("LG214", place, message, hint)
    _check_requirements(spec, context)


def _check_layer_example(
    name: str, value: object, type_: str, spec: Spec, context: Context
) -> None:
    if type_ == "Layer" and isinstance(value, Code):
        call = value.expression if value.is_expression else None
        if not isinstance(call, ast.Call):
            message = f"the example of the layer `{name}` must be a call"
            context.add("LG214", value.lines[0], message, "as in `Dense(4)`")
        else:
            _check_layer_call(value, call, "LG214", f"`{name}`", spec, context)


def _check_requirements(spec: Spec, context: Context) -> None:
    """An example must meet the conditions of the spec, as far as they can be told."""
    values = {a.name: a.default for a in spec.args if not a.required}
    values |= dict(spec.example)
    for derived in spec.derived:
        try:
            values[derived.name] = evaluate(derived.code.expression, values)
        except Unknown:
            continue
    for requirement in spec.require:
        try:
            holds = evaluate(requirement.condition.expression, values)
        except Unknown:
            continue
        if not holds and spec.example:
            message = (
                f"the example breaks a condition of `require`: {requirement.message}"
            )
            context.add("LG214", context.place("example"), message)


def _check_equivalent(code: Code, spec: Spec, context: Context) -> None:
    call = code.expression
    if not isinstance(call, ast.Call):
        message = "`equivalent` must be a call that makes a layer"
        context.add("LG217", code.place(call), message, "as in `Dense(units)`")
        return
    if _check_layer_call(code, call, "LG217", "`equivalent`", spec, context):
        vocabulary = for_equivalent(spec)
        words = vocabulary.words | LAYERS
        whole = replace(vocabulary, words=words)
        check_code(code, whole, spec, context)


def _check_layer_call(
    code: Code, call: ast.Call, problem: str, what: str, spec: Spec, context: Context
) -> bool:
    name = dotted(call.func)
    known = name.removeprefix("keras.layers.") in LAYERS
    if known or (name and name.split(".")[0] in imported(spec.imports)):
        return True
    message = f"{what} makes `{name or ast.unparse(call.func)}`, no layer of Keras"
    hint = nearest(name, LAYERS) or "import it under `imports`"
    context.add(problem, code.place(call), message, hint)
    return False
