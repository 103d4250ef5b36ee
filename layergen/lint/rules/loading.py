"""What comes back from a file: names, arguments, tensors and what was learnt."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.values import Tensor, there
from layergen.language.collector import listing
from layergen.lint.analysed import Analysis
from layergen.lint.config import super_calls
from layergen.lint.facts import LayerClass, Method, Module
from layergen.lint.registry import Finding, module_rule, rule, shown
from layergen.lint.rules.configs import own_config
from layergen.lint.walk import attribute_of

_SAVING = (
    "get_config",
    "get_build_config",
    "save_own_variables",
    "load_own_variables",
    "save_assets",
    "finalize_state",
)


@rule("LG780")
def one_name(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """A layer is loaded under the name in its config: with a constant there, a model of
    two such layers cannot be loaded."""
    config = own_config(layer)
    if config is not None and "name" in config.keys:
        _, value = config.keys["name"]
        text = isinstance(value, ast.Constant) and isinstance(value.value, str)
        if text or (isinstance(value, ast.Attribute) and value.attr == "__name__"):
            yield Finding(
                value,
                f"the config of every `{layer.name}` has the same name",
                "leave it out: `super().get_config()` has the layer's own",
            )


@rule("LG781")
def left_out(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """`from_config` gives the constructor what the config holds: an argument that it does
    not hand on falls back to its default, or is missed."""
    method, init = layer.own.get("from_config"), layer.method("__init__")
    config = own_config(layer)
    if method is None or init is None or config is None:
        return
    texts = (s.node.value for s in method.sites if isinstance(s.node, ast.Constant))
    unread = config.keys.keys() - {one for one in texts if isinstance(one, str)}
    makers = [call for call in method.calls() if _makes(call, method)]
    for call in makers:
        names = {one.arg for one in call.keywords}
        if call.args or None in names:
            continue
        known = [one.name for one in init.parameters if one.name in unread]
        missed = [one for one in known if one not in names]
        if missed:
            yield Finding(
                call,
                f"`from_config` of `{layer.name}` leaves out {listing(missed)}",
                "`cls(**config)`",
            )


def _makes(call: ast.Call, method: Method) -> bool:
    """Whether a call makes a layer of the class that a class method is given."""
    return isinstance(call.func, ast.Name) and call.func.id == method.this


@module_rule("LG782")
def tensor_in_config(module: Module) -> Iterator[Finding]:
    """A config is written as JSON, which holds numbers, strings, lists and dictionaries:
    a model with a tensor or a weight in it cannot be saved."""
    for layer, analysis in zip(module.layers, module.analyses, strict=True):
        config = own_config(layer)
        for key, (_, value) in config.keys.items() if config is not None else ():
            attribute = attribute_of(value, layer.own["get_config"].this)
            if attribute and _holds_tensor(attribute, layer, analysis):
                yield Finding(
                    value,
                    f"`{key}` of the config of `{layer.name}` is a tensor",
                    "keep the argument as it is given, and make the tensor in `call`",
                )


def _holds_tensor(attribute: str, layer: LayerClass, analysis: Analysis) -> bool:
    made = [one for one in layer.assignments if one.attribute == attribute]
    values = [analysis.before.get(one.value) if one.value else None for one in made]
    if any(value is None for value in values):
        return False
    weights = {id(one.call) for one in layer.weights}
    tensors = [
        value is not None and isinstance(there(value), Tensor) for value in values
    ]
    alone = [id(one.value) in weights for one in made]
    return bool(made) and all(a or b for a, b in zip(tensors, alone, strict=True))


@rule("LG783")
def by_position(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """`Layer.__init__` takes what it is given by name alone: `super().__init__(kwargs)`
    without the stars raises."""
    init = layer.own.get("__init__")
    if init is None or not layer.is_plain or layer.parents:
        return
    for call in super_calls(init):
        first = call.args[:1]
        itself = (
            isinstance(first[0], ast.Name) and first[0].id == init.this
            if first
            else False
        )
        for one in call.args[1 if itself else 0 :]:
            if not isinstance(one, ast.Starred):
                stars = "**" if shown(one) == init.kwargs else f"{shown(one)}="
                yield Finding(
                    one,
                    f"`{shown(one)}` is given to `Layer.__init__` by position",
                    f"`{stars}{shown(one)}`",
                )


@rule("LG784")
def learnt(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """What `adapt` learns and keeps in a Python attribute stands in no file: a loaded
    layer has what its constructor gave it."""
    adapt = layer.own.get("adapt")
    if adapt is None or not layer.is_plain or any(map(layer.method, _SAVING[1:])):
        return
    config = layer.method("get_config")
    said = config.uses if config is not None else frozenset()
    read = frozenset[str]().union(
        *(one.uses for n in layer.only_in_call if (one := layer.method(n)) is not None)
    )
    for made in layer.assignments:
        learned = made.method == "adapt" and made.attribute in read - said
        if learned and made.attribute not in ("built", *layer.weight_attributes):
            yield Finding(
                made.site.node,
                f"`{made.attribute}`, which `adapt` learns, is saved nowhere",
                "make a weight with `trainable=False` in `build`, and `assign` to it",
            )
