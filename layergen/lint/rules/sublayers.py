"""Layers that a layer is made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.language.collector import listing
from layergen.lint.facts import LayerClass, Module, Sublayer
from layergen.lint.keras_layers import COMPUTING, SEEDED, WEIGHTED, WITHOUT_WEIGHTS
from layergen.lint.registry import Finding, rule
from layergen.lint.walk import attribute_of

_ALL = {"_layers", "layers", "_flatten_layers", "call", "symbolic_call", "__call__"}


@rule("LG717")
def made_in_call(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A layer made in `call` is a new one at every call: its weights are never trained
    and never saved, and a graph refuses to make them."""
    for sublayer in layer.sublayers:
        stateful = sublayer.short in SEEDED or _has_weights(sublayer, module)
        if stateful and sublayer.method in layer.only_in_call:
            yield Finding(
                sublayer.call,
                f"`{sublayer.short}` is made in `{sublayer.method}`, "
                "which runs at every call",
                "make it in `__init__`, and call it here",
            )


def _has_weights(sublayer: Sublayer, module: Module) -> bool:
    """Whether a layer that is made surely holds weights."""
    if sublayer.maker.startswith("keras."):
        return sublayer.short in WEIGHTED and not any(
            switches <= _switched_off(sublayer.call) for switches in WITHOUT_WEIGHTS
        )
    made = module.layer(sublayer.maker)
    return made is not None and _holds_weights(made, module)


def _switched_off(call: ast.Call) -> set[str]:
    """The arguments that a call gives as False."""
    return {
        one.arg
        for one in call.keywords
        if one.arg and isinstance(one.value, ast.Constant) and one.value.value is False
    }


def _holds_weights(layer: LayerClass, module: Module) -> bool:
    if any(weight.maker == "add_weight" for weight in layer.all_weights()):
        return True
    return any(
        _has_weights(one, module)
        for one in layer.all_sublayers()
        if one.maker != layer.name and one.attribute
    )


@rule("LG720")
def not_built(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras does not trace `call` of a layer with a `build` of its own: after `build`,
    as an outer layer calls it, a sublayer left out has no weights. Where the layer has a
    `compute_output_shape` too, a saved model cannot be loaded."""
    if "build" not in layer.own or not layer.is_closed:
        return
    first, missed = _unbuilt(layer, module, "build")
    if first is not None:
        yield Finding(
            first.call,
            f"`build` of `{layer.name}` does not build {listing(missed)}",
            f"`self.{missed[0]}.build(...)` in `build`",
        )


@rule("LG721")
def shape_without_build(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """With a `compute_output_shape` of its own a layer is not traced when a model is
    loaded: without a `build`, its sublayers have no weights to load into."""
    if "compute_output_shape" not in layer.own or layer.method("build"):
        return
    if not layer.is_plain or layer.method("compute_output_spec"):
        return
    first, missed = _unbuilt(layer, module, "__init__")
    if first is not None:
        yield Finding(
            layer.own["compute_output_shape"].node,
            f"`{layer.name}` overrides `compute_output_shape`, and no `build` builds "
            f"{listing(missed)}",
            "add a `build` that builds each sublayer",
        )


def _unbuilt(
    layer: LayerClass, module: Module, start: str
) -> tuple[Sublayer | None, list[str]]:
    """The first sublayer with weights that is not touched from `start` on, and the
    attributes of all of them."""
    methods = layer.reachable(start)
    touched = set().union(*(_touched(layer, name) for name in methods), set())
    first = layer.reachable("__init__")
    touched |= set().union(*(_built(layer, name) for name in first), set())
    if touched & _ALL:
        return None, []
    found = [
        one
        for one in layer.all_sublayers()
        if one.attribute
        and one.attribute not in touched
        and one.method in layer.reachable("__init__", "build")
        and _has_weights(one, module)
    ]
    return next(iter(found), None), list(dict.fromkeys(one.attribute for one in found))


def _built(layer: LayerClass, name: str) -> set[str]:
    """The attributes on which a method calls `build`."""
    found: set[str] = set()
    for one in layer.lineage:
        if (method := one.own.get(name)) is not None:
            for site in method.sites:
                match site.node:
                    case ast.Call(func=ast.Attribute(attr="build", value=owner)):
                        if attribute := attribute_of(owner, method.this):
                            found.add(attribute)
    return found


def _touched(layer: LayerClass, name: str) -> set[str]:
    """The attributes that a method reads; `call` if it may reach all of them."""
    found: set[str] = set()
    for one in layer.lineage:
        if (method := one.own.get(name)) is not None:
            nodes = [site.node for site in method.sites]
            filled = {id(owner) for node in nodes if (owner := _filled(node))}
            for node in nodes:
                if id(node) not in filled:
                    found |= _read(node, method.this)
    return found


def _filled(node: ast.AST) -> ast.expr | None:
    """The list that a call of `append` fills."""
    match node:
        case ast.Call(func=ast.Attribute(attr="append", value=owner)):
            return owner
    return None


def _read(node: ast.AST, this: str) -> set[str]:
    match node:
        case ast.Attribute(ctx=ast.Load()) if attribute := attribute_of(node, this):
            return {attribute}
        case ast.Attribute(value=ast.Call(), attr="call"):
            return {"call"}
        case ast.Call(func=ast.Name(id=name)) if name in (this, "getattr", "vars"):
            return {"call"}
        case ast.Call(func=ast.Attribute(), args=args) if any(
            isinstance(one, ast.Name) and one.id == this for one in args
        ):
            # As `keras.Operation.compute_output_spec(self, ...)` goes through `call`.
            return {"call"}
    return set()


@rule("LG722")
def no_dtype(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A sublayer without `dtype` follows the global policy: in a layer that is given
    another one, it computes in the wrong precision."""
    init = layer.method("__init__")
    if init is None or not (init.kwargs or init.parameter("dtype")):
        return
    methods = layer.reachable("__init__", "build")
    found = [
        one
        for one in layer.sublayers
        if one.attribute and one.method in methods and _ignores_dtype(one)
    ]
    if found:
        missed = list(dict.fromkeys(one.attribute for one in found))
        yield Finding(
            found[0].call,
            f"made without the dtype policy of `{layer.name}`: {listing(missed)}",
            "`dtype=self.dtype_policy`",
        )


def _ignores_dtype(sublayer: Sublayer) -> bool:
    given = {one.arg for one in sublayer.call.keywords}
    public = sublayer.maker.startswith("keras.layers.")
    return public and sublayer.short in COMPUTING and not given & {"dtype", None}
