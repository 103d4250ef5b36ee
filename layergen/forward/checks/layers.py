"""Calls that make layers: `layers`, `equivalent`, and examples of layers."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from layergen.forward.checks.names import check_code
from layergen.forward.vocabulary import (
    for_equivalent,
    for_maker,
    for_parts,
)
from layergen.keras_tables.names import LAYERS
from layergen.keras_tables.signatures import CLASSES, has
from layergen.language.collector import Hint
from layergen.language.context import Context
from layergen.language.model import Spec, Sublayer
from layergen.language.naming import PASCAL
from layergen.nearest import misspelt, nearest, question
from layergen.source.code import Code
from layergen.source.dotted import dotted

LAYER_CLASSES = "keras.layers"


def check_layers(spec: Spec, context: Context) -> None:
    for layer in spec.layers:
        _check_make(layer, spec, context)
    if spec.equivalent:
        _check_equivalent(spec.equivalent, spec, context)


def _check_make(layer: Sublayer, spec: Spec, context: Context) -> None:
    what = f"the layer `{layer.name}`"
    if layer.loop:
        over = for_parts(spec, f"`for` of `{layer.name}`")
        check_code(layer.loop.iterable, over, spec, context)
    for one in layer.makes:
        if not isinstance(one, ast.Call):
            message = f"{what} must be a call that makes a layer"
            place = layer.make.place(one)
            context.add("LG217", place, message, "as in `Dense(units)`")
            return
    others = {
        name
        for call in layer.makes
        for node in ast.walk(call)
        if isinstance(node, ast.Call)
        if (name := _other_class(layer.make, node, node is call, what, spec, context))
    }
    found = for_maker(spec, what, LAYER_CLASSES, others)
    targets = layer.loop.target.split(", ") if layer.loop else []
    declared = found.declared | dict.fromkeys(targets, "a loop's variable")
    check_code(layer.make, replace(found, declared=declared), spec, context)


def _other_class(
    code: Code, node: ast.Call, outermost: bool, what: str, spec: Spec, context: Context
) -> str:
    """The name that is called where it is no class of Keras: that of another spec's layer,
    or one that is reported."""
    name = dotted(node.func)
    module, _, last = name.rpartition(".")
    if module in (LAYER_CLASSES, *CLASSES):
        if last not in has(module):
            hint: Hint = nearest(last, has(module), "import it under `imports`")
            message = f"{what} makes `{name}`, no {module.split('.')[1][:-1]} of Keras"
            context.add("LG217", code.place(node), message, hint)
        return ""
    if name in LAYERS or name.split(".")[0] in spec.imported:
        return ""
    if not outermost and not PASCAL.match(name):
        return ""
    hint = ""
    if name == spec.layer:
        hint = "a layer cannot hold itself"
    elif near := misspelt(name, LAYERS):
        hint = question(near)
    elif module := next((m for m in sorted(CLASSES) if name in has(m)), ""):
        hint = f"write `{module}.{name}`"
    elif PASCAL.match(name):
        return name
    message = f"{what} makes `{name or ast.unparse(node.func)}`, no layer of Keras"
    hint = hint or nearest(name, LAYERS, "import it under `imports`")
    context.add("LG217", code.place(node), message, hint)
    return name.split(".")[0]


def _check_equivalent(code: Code, spec: Spec, context: Context) -> None:
    call = code.expression
    if not isinstance(call, ast.Call):
        message = "`equivalent` must be a call that makes a layer"
        context.add("LG217", code.place(call), message, "as in `Dense(units)`")
        return
    if check_layer_call(code, call, "LG217", "`equivalent`", spec, context):
        check_code(code, for_equivalent(spec), spec, context)


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
