"""Calls that make layers: `layers`, `equivalent`, and examples of layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from layergen.forward.checks.names import check_code
from layergen.forward.vocabulary import (
    for_equivalent,
    for_loop,
    for_maker,
)
from layergen.keras_tables.names import (
    CONSTRAINT_CLASSES,
    INITIALIZER_CLASSES,
    LAYERS,
    REGULARIZER_CLASSES,
)
from layergen.language.collector import Hint
from layergen.language.context import Context
from layergen.language.model import Spec, Sublayer
from layergen.language.naming import PASCAL
from layergen.nearest import misspelt, nearest, question
from layergen.source.code import Code
from layergen.source.dotted import dotted

PARTS = {
    "initializers": INITIALIZER_CLASSES,
    "regularizers": REGULARIZER_CLASSES,
    "constraints": CONSTRAINT_CLASSES,
}


def check_layers(spec: Spec, context: Context) -> None:
    for layer in spec.layers:
        _check_make(layer, spec, context)
    if spec.equivalent:
        _check_equivalent(spec.equivalent, spec, context)


def _check_make(layer: Sublayer, spec: Spec, context: Context) -> None:
    what = f"the layer `{layer.name}`"
    if layer.loop:
        over = for_loop(spec, f"`for` of `{layer.name}`")
        check_code(layer.loop.iterable, over, spec, context)
    call = layer.make.expression
    if not isinstance(call, ast.Call):
        message = f"{what} must be a call that makes a layer"
        context.add("LG217", layer.make.place(call), message, "as in `Dense(units)`")
        return
    others = set(_other_specs(layer.make, call, what, spec, context))
    found = for_maker(spec, what, LAYERS | others)
    targets = layer.loop.target.split(", ") if layer.loop else []
    declared = found.declared | dict.fromkeys(targets, "a loop's variable")
    check_code(layer.make, replace(found, declared=declared), spec, context)


def _other_specs(
    code: Code, call: ast.Call, what: str, spec: Spec, context: Context
) -> Iterator[str]:
    """The names called that are to be other specs' layers; what cannot be is reported."""
    known = LAYERS | set(spec.imported)
    for node in ast.walk(call):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        layer = name.removeprefix("keras.layers.")
        if layer in LAYERS or name.split(".")[0] in known:
            continue
        hint: Hint = ""
        if layer == name and node is not call and not PASCAL.match(name):
            continue
        if name == spec.layer:
            hint = "a layer cannot hold itself"
        elif layer != name:
            hint = nearest(layer, LAYERS, "import it under `imports`")
        elif near := misspelt(name, LAYERS):
            hint = question(near)
        elif module := next((m for m, names in PARTS.items() if name in names), ""):
            hint = f"write `keras.{module}.{name}`"
        elif PASCAL.match(name):
            yield name
            continue
        message = f"{what} makes `{name or ast.unparse(node.func)}`, no layer of Keras"
        hint = hint or nearest(name, LAYERS, "import it under `imports`")
        context.add("LG217", code.place(node), message, hint)
        yield name.split(".")[0]


def _check_equivalent(code: Code, spec: Spec, context: Context) -> None:
    call = code.expression
    if not isinstance(call, ast.Call):
        message = "`equivalent` must be a call that makes a layer"
        context.add("LG217", code.place(call), message, "as in `Dense(units)`")
        return
    if check_layer_call(code, call, "LG217", "`equivalent`", spec, context):
        vocabulary = for_equivalent(spec)
        words = vocabulary.words | LAYERS
        whole = replace(vocabulary, words=words)
        check_code(code, whole, spec, context)


def check_layer_call(
    code: Code, call: ast.Call, problem: str, what: str, spec: Spec, context: Context
) -> bool:
    name = dotted(call.func)
    known = name.removeprefix("keras.layers.") in LAYERS
    if known or (name and name.split(".")[0] in spec.imported):
        return True
    message = f"{what} makes `{name or ast.unparse(call.func)}`, no layer of Keras"
    hint = nearest(name, LAYERS, "import it under `imports`")
    context.add(problem, code.place(call), message, hint)
    return False
