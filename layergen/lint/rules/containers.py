"""Layers where Keras does not look for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from layergen.lint.facts import LayerClass, Module, Sublayer
from layergen.lint.keras_layers import SEEDED, WEIGHTED
from layergen.lint.registry import Finding, rule


@rule("LG723")
def in_an_object(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras finds the layers that stand in attributes, lists, tuples and dictionaries. A
    layer inside an object of another kind is neither trained nor saved."""
    plain = _plain_classes(module)
    holders = {
        id(inner): made
        for made in layer.assignments
        if isinstance(made.value, ast.Call)
        for inner in _given(made.value, plain)
    }
    for one in layer.sublayers:
        held = holders.get(id(one.call))
        if held is not None and _has_state(one, module):
            yield Finding(
                one.call,
                f"`{one.short}` stands in an object, `{held.attribute}`, in which "
                "Keras does not look for layers",
                "keep it as an attribute of the layer",
            )


def _plain_classes(module: Module) -> Mapping[str, ast.ClassDef]:
    """The classes of a module that come from nothing else."""
    known = {one.name for one in module.layers}
    return {
        one.name: one
        for one in module.source.tree.body
        if isinstance(one, ast.ClassDef)
        and one.name not in known
        and all(isinstance(b, ast.Name) and b.id == "object" for b in one.bases)
    }


def _given(call: ast.Call, plain: Mapping[str, ast.ClassDef]) -> Iterator[ast.Call]:
    """The calls whose results an object of such a class is given."""
    if isinstance(call.func, ast.Name) and call.func.id in plain:
        for one in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(one, ast.Call):
                yield one


def _has_state(one: Sublayer, module: Module) -> bool:
    if one.maker.startswith("keras."):
        return one.short in WEIGHTED | SEEDED
    return module.layer(one.maker) is not None
