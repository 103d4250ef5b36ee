"""Initializers that several weights share."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.facts import LayerClass, Method, Module, Sublayer, Weight
from layergen.lint.keras_layers import CONSTANT_INITIALIZERS
from layergen.lint.names import Names
from layergen.lint.registry import Finding, rule
from layergen.lint.walk import attribute_of

_EACH_ITS_OWN = (
    "give each weight an initializer of its own: `initializers.get(...)` of a string, "
    "or `.clone()`"
)


@rule("LG715")
def shared_initializer(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """An initializer object draws from one seed of its own: two weights of one shape that
    it initializes begin equal, and stay alike as far as they are used alike."""
    yield from _of_weights(layer, module)
    yield from _of_sublayers(layer, module)


def _of_weights(layer: LayerClass, module: Module) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], list[Weight]] = {}
    for weight in layer.weights:
        initializer = weight.argument("initializer")
        if initializer is not None and _is_random(
            initializer, layer, layer.own[weight.method], module.names
        ):
            key = ast.unparse(initializer)
            local = (
                "" if attribute_of(initializer, _this(layer, weight)) else weight.method
            )
            before = seen.setdefault((key, local, _shape_text(weight)), [])
            again = any(
                one.method != weight.method or not one.site.excludes(weight.site)
                for one in before
            )
            if again or (weight.site.looped and not _varies(weight, layer)):
                yield Finding(
                    initializer,
                    f"`{key}` initializes several weights of one shape, "
                    "all from one seed",
                    _EACH_ITS_OWN,
                )
            before.append(weight)


def _of_sublayers(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Inner layers of one kind and size that get one object, and are called on the same."""
    called = _called_on(layer)
    seen: dict[tuple[str, ...], Sublayer] = {}
    for one in layer.sublayers:
        for given in one.call.keywords:
            if given.arg is None or not given.arg.endswith("_initializer"):
                continue
            method = layer.own[one.method]
            if not _is_random(given.value, layer, method, module.names):
                continue
            on = called.get(one.attribute, "")
            key = (ast.unparse(given.value), given.arg, one.maker, on, *_sizes(one))
            before = seen.setdefault(key, one)
            if before is not one and on and not before.site.excludes(one.site):
                yield Finding(
                    given.value,
                    f"`{key[0]}` initializes `{before.attribute}` and "
                    f"`{one.attribute}` alike, from one seed",
                    _EACH_ITS_OWN,
                )


def _sizes(one: Sublayer) -> Iterator[str]:
    """What an inner layer is made with, but for its name."""
    yield from map(ast.unparse, one.call.args)
    yield from sorted(ast.unparse(k) for k in one.call.keywords if k.arg != "name")


def _called_on(layer: LayerClass) -> dict[str, str]:
    """What each inner layer is called on where it is called once, as it is written."""
    found: dict[str, str] = {}
    for name in layer.only_in_call & layer.own.keys():
        method = layer.own[name]
        for call in method.calls():
            if (attribute := attribute_of(call.func, method.this)) and call.args:
                again = attribute in found
                found[attribute] = "" if again else ast.unparse(call.args[0])
    return found


def _shape_text(weight: Weight) -> str:
    shape = weight.argument("shape")
    return "()" if shape is None else ast.unparse(shape)


def _varies(weight: Weight, layer: LayerClass) -> bool:
    """Whether a weight's shape is of names that a loop sets anew."""
    shape = weight.argument("shape")
    nodes = ast.walk(shape) if shape is not None else ()
    read = {one.id for one in nodes if isinstance(one, ast.Name)}
    return bool(read & _set_in_loops(layer.own[weight.method]))


def _set_in_loops(method: Method) -> set[str]:
    found: set[str] = set()
    for site in method.sites:
        match site.node:
            case ast.For(target=target) | ast.comprehension(target=target):
                nodes = ast.walk(target)
                found |= {one.id for one in nodes if isinstance(one, ast.Name)}
            case ast.Name(id=name, ctx=ast.Store()) if site.looped:
                found.add(name)
    return found


def _this(layer: LayerClass, weight: Weight) -> str:
    return layer.own[weight.method].this


def _is_random(node: ast.expr, layer: LayerClass, method: Method, names: Names) -> bool:
    """Whether an expression is one object that draws numbers."""
    values: list[ast.expr | None] = []
    if attribute := attribute_of(node, method.this):
        made = [one for one in layer.all_assignments() if one.attribute == attribute]
        values = [one.value for one in made]
    elif isinstance(node, ast.Name):
        for site in method.sites:
            match site.node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name == node.id:
                        if site.looped:
                            return False
                        values.append(value)
    if len(values) != 1 or not isinstance(values[0], ast.Call):
        return False
    return _draws(values[0], layer, names)


def _draws(call: ast.Call, layer: LayerClass, names: Names) -> bool:
    maker = names.resolve(call.func)
    head, _, last = maker.rpartition(".")
    if head != "keras.initializers":
        return False
    if last != "get":
        return last not in CONSTANT_INITIALIZERS
    given: ast.expr | None = call.args[0] if call.args else None
    init = layer.method("__init__")
    if isinstance(given, ast.Name) and init and (one := init.parameter(given.id)):
        given = one.default
        if given is None:
            return True
    if isinstance(given, ast.Constant):
        return isinstance(given.value, str) and given.value not in CONSTANT_INITIALIZERS
    return False
