"""Initializers, regularizers and constraints: identifiers, arguments and calls."""

from __future__ import annotations

import ast

from layergen.forward.checks.names import check_code
from layergen.forward.vocabulary import for_maker
from layergen.keras_tables.names import (
    CONSTRAINT_CLASSES,
    CONSTRAINT_IDENTIFIERS,
    INITIALIZER_CLASSES,
    INITIALIZER_IDENTIFIERS,
    REGULARIZER_CLASSES,
    REGULARIZER_IDENTIFIERS,
)
from layergen.language.collector import Hint
from layergen.language.context import Context
from layergen.language.model import (
    Maker,
    Spec,
    State,
    Weight,
)
from layergen.language.variables import declared
from layergen.nearest import nearest
from layergen.source.code import Code
from layergen.source.dotted import dotted

CLASSES = {
    "initializer": INITIALIZER_CLASSES,
    "regularizer": REGULARIZER_CLASSES,
    "constraint": CONSTRAINT_CLASSES,
}
IDENTIFIERS = {
    "initializer": INITIALIZER_IDENTIFIERS,
    "regularizer": REGULARIZER_IDENTIFIERS,
    "constraint": CONSTRAINT_IDENTIFIERS,
}


def check_makers(spec: Spec, context: Context) -> None:
    for variable in declared(spec):
        for field in CLASSES:
            maker = getattr(variable, field, None)
            if maker is not None:
                _check_maker(variable, field, maker, spec, context)


def _check_maker(
    weight: Weight | State, field: str, maker: Maker, spec: Spec, context: Context
) -> None:
    where = "weights" if isinstance(weight, Weight) else "states"
    place = context.place(where, weight.name, field)
    args = {arg.name: arg for arg in spec.args}
    if maker.kind == "none" and field == "initializer":
        message = f"the initializer of `{weight.name}` cannot be null"
        context.add("LG212", place, message, "leave the key out for Keras' default")
    elif (
        maker.kind == "argument"
        and where == "states"
        and args[maker.text].type.optional
    ):
        message = f"the initializer of the state `{weight.name}` may be None"
        hint = f"give `{maker.text}` the type `Initializer`"
        context.add("LG212", place, message, hint)
    elif maker.kind == "argument":
        type_ = args[maker.text].type
        if type_.module != f"{field}s":
            message = f"the argument `{maker.text}` is `{type_}`, no {field}"
            hint = f"give it the type `{field.capitalize()}`"
            context.add("LG212", place, message, hint)
    elif maker.kind == "identifier" and maker.text not in context.ghosts:
        known = IDENTIFIERS[field]
        if maker.text not in known:
            message = f"`{maker.text}` is no {field} that Keras knows by that name"
            near: Hint = nearest(maker.text, known | {*args})
            if maker.text in CLASSES[field]:
                near = f"write a call, as in `{maker.text}(...)`"
            context.add("LG211", place, message, near)
    elif maker.code:
        _check_call(weight, field, maker.code, spec, context)


def _check_call(
    weight: Weight | State, field: str, code: Code, spec: Spec, context: Context
) -> None:
    call = code.expression
    assert isinstance(call, ast.Call)
    what = f"the {field} of `{weight.name}`"
    name, classes = dotted(call.func), CLASSES[field]
    root = name.split(".")[0]
    words = ["seed"] if field == "initializer" else []
    vocabulary = for_maker(spec, what, f"keras.{field}s", words)
    if name not in classes and root not in spec.imported:
        message = f"{what} calls `{name or ast.unparse(call.func)}`"
        near = nearest(name, classes, f"call a class of `keras.{field}s`")
        context.add("LG212", code.place(call), f"{message}, no {field} of Keras", near)
        return
    check_code(code, vocabulary, spec, context)
