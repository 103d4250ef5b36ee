"""`get_config`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.lint.config import Config, config_of, flows_into, handed_on
from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.keras_layers import BASE_KEYS
from layergen.lint.names import CLASSES
from layergen.lint.registry import Finding, rule


@rule("LG704")
def missing_argument(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """`from_config` makes the layer anew from its config: an argument that is not there
    falls back to its default, or is missed."""
    init, method = layer.method("__init__"), layer.method("get_config")
    if not ({"__init__", "get_config"} & layer.own.keys()) or not layer.is_closed:
        return
    if init is None or layer.method("from_config") or layer.is_abstract:
        return
    if layer.root not in CLASSES or (method is None and layer.root == "Layer"):
        return
    held = _held(layer)
    if held is None:
        return
    for one in init.parameters:
        if one.name not in _covered(layer, held):
            yield Finding(
                one.node if "__init__" in layer.own else layer.own["get_config"].node,
                f"`{one.name}` is no part of the config of `{layer.name}`",
                f'add `"{one.name}": self.{one.name}` to what `get_config` returns',
            )


def _covered(layer: LayerClass, held: set[str]) -> set[str]:
    """The arguments that a config with these keys speaks of."""
    known = held | BASE_KEYS
    for one in reversed(layer.lineage):
        if "__init__" in one.own:
            init = one.own["__init__"]
            known |= flows_into(init, known & {p.name for p in init.parameters})
            if layer.root != "Layer":
                # The class of Keras holds what it is given.
                known |= flows_into(init, handed_on(init))
    return known


def _held(layer: LayerClass) -> set[str] | None:
    """All strings in the configs of a class and its parents; None if they may hold more."""
    found: set[str] = set()
    for one in layer.lineage:
        if "get_config" in one.own:
            config = config_of(one.own["get_config"])
            if config.is_open or config.raises:
                return None
            found |= config.mentions
            if not config.asks_super:
                break
    return found


@rule("LG705")
def unknown_key(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """`from_config` gives every entry of the config to the constructor, which refuses
    one that it does not take."""
    config = own_config(layer)
    inits = [one.own["__init__"] for one in layer.lineage if "__init__" in one.own]
    if config is None or not inits or not layer.is_plain or layer.method("from_config"):
        return
    taken = set(BASE_KEYS) | {one.name for init in inits for one in init.parameters}
    taken |= set().union(*(_strings(init) for init in inits))
    if any(init.varargs for init in inits):
        return
    for key, (node, _) in config.keys.items():
        if key not in taken:
            yield Finding(
                node,
                f"the constructor of `{layer.name}` takes no `{key}`",
                "give the key the name of the argument",
            )


def _strings(init: Method) -> set[str]:
    """Names that a constructor may take out of its `**kwargs`."""
    constants = (s.node.value for s in init.sites if isinstance(s.node, ast.Constant))
    return {one for one in constants if isinstance(one, str)}


@rule("LG706")
def no_super_config(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """`name`, `trainable` and `dtype` are in the config that `Layer` itself returns; a
    layer loaded without them is another one."""
    config = own_config(layer)
    if config is None or config.asks_super or config.is_open or not layer.is_plain:
        return
    if not {"name", "dtype"} <= config.mentions:
        yield Finding(
            layer.own["get_config"].node,
            f"the config of `{layer.name}` has no `name`, `dtype` and `trainable`",
            "begin with `config = super().get_config()`",
        )


def own_config(layer: LayerClass) -> Config | None:
    """What the class itself returns from `get_config`, where it returns anything."""
    if "get_config" not in layer.own or layer.is_abstract:
        return None
    config = config_of(layer.own["get_config"])
    return None if config.raises else config


@rule("LG707")
def lambda_in_config(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras loads a model with a lambda in its config only where safe mode is switched
    off, since it would run any code."""
    config = own_config(layer)
    if config is None:
        return
    kept = {
        made.attribute: made.value
        for made in layer.all_assignments()
        if isinstance(made.value, ast.Lambda)
    }
    for key, (_, value) in config.keys.items():
        init = layer.method("__init__")
        given = init.parameter(key) if init else None
        found: ast.AST | None = None
        if isinstance(value, ast.Lambda):
            found = value
        elif isinstance(value, ast.Attribute) and value.attr in kept:
            found = kept[value.attr]
        elif given and isinstance(given.default, ast.Lambda):
            found = given.default
        if found is not None:
            yield Finding(
                found,
                f"`{key}` of the config of `{layer.name}` is a lambda",
                "use a registered function, or the name of an activation",
            )
