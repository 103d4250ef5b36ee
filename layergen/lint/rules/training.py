"""Whether a layer is trained, and who says so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.registry import Finding, rule
from layergen.lint.walk import attribute_of

_FLAGS = ("training", "train", "is_training", "is_train", "in_training")
_TAKE = "take `training` in `call`: Keras sets it in `fit`, `evaluate` and `predict`"


@rule("LG773")
def own_flag(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """`fit`, `evaluate` and `predict` set the argument `training` of `call`, and nothing
    else: a flag of another name, or one of the constructor, stays as it is."""
    init = layer.own.get("__init__")
    read = {
        attribute
        for name in layer.only_in_call
        if (method := layer.method(name)) is not None
        for attribute in _flags_read(method)
    }
    for made in layer.assignments:
        kept = made.attribute in read and made.method == "__init__"
        if init is not None and kept and isinstance(made.value, ast.Name):
            if (given := init.parameter(made.value.id)) is not None:
                message = (
                    f"`{given.name}` of the constructor decides in `call` whether "
                    "the layer is trained"
                )
                yield Finding(given.node, message, _TAKE)
    call = layer.own.get("call")
    if call is None or call.parameter("training") is not None:
        return
    for one in call.parameters:
        if one.name in _FLAGS and _is_flag(one.default) and one.name in call.names():
            message = f"Keras does not set `{one.name}` of `call`"
            yield Finding(one.node, message, "call it `training`")


def _flags_read(method: Method) -> Iterator[str]:
    """The attributes that a method takes for whether the layer is trained."""
    for site in method.sites:
        match site.node:
            case ast.Call(keywords=keywords):
                given = [one.value for one in keywords if one.arg == "training"]
                names = [attribute_of(one, method.this) for one in given]
                yield from (name for name in names if "train" in name)
            case ast.Attribute(ctx=ast.Load(), attr=name) if name in _FLAGS:
                yield attribute_of(site.node, method.this)


def _is_flag(default: ast.expr | None) -> bool:
    return isinstance(default, ast.Constant) and isinstance(default.value, bool | None)


@rule("LGW76")
def always_trained(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """With `training=True` written out, an inner layer drops and normalizes in `predict`
    as it does in `fit`: right where that is meant, as for samples of a posterior."""
    for name in sorted(layer.only_in_call & layer.own.keys()):
        method = layer.own[name]
        for call in method.calls():
            for one in call.keywords:
                constant = isinstance(one.value, ast.Constant) and one.value.value
                if one.arg == "training" and constant is True:
                    if attribute_of(call.func, method.this):
                        yield Finding(
                            one.value,
                            f"`{ast.unparse(call.func)}` is trained in every call",
                            "`training=training`, or say why in a `# noqa: LGW76`",
                        )
