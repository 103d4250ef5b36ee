"""Arguments that change nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from layergen.keras_tables.names import LAYER_ATTRIBUTES
from layergen.lint.config import handed_on
from layergen.lint.facts import Assignment, LayerClass, Module
from layergen.lint.registry import Finding, rule
from layergen.lint.walk import attribute_of

# What changes a layer, and means nothing to others who read it of the layer.
_OPTION = re.compile(
    r"(use|trainable)_\w+|(\w+_)?(initializer|regularizer|constraint|activation|epsilon"
    r"|momentum|rate|dropout)"
)


@rule("LGW78")
def without_effect(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """An option that is taken and saved, and that nothing else reads, changes nothing: a
    layer without a bias has one, a constraint constrains nothing."""
    init = layer.own.get("__init__")
    extended = any(one is layer for other in module.layers for one in other.parents)
    if init is None or not layer.is_plain or layer.parents or extended:
        return
    for one in init.parameters:
        names = [s.node for s in init.sites if isinstance(s.node, ast.Name)]
        uses = [node for node in names if node.id == one.name]
        kept = [made for made in layer.assignments if _keeps(made, one.name)]
        alone = len(kept) == len(uses) == 1 and one.name not in handed_on(init)
        if alone and _OPTION.fullmatch(one.name):
            attribute = kept[0].attribute
            keras = attribute in LAYER_ATTRIBUTES
            if not keras and not _is_read(attribute, layer, module):
                yield Finding(
                    one.node,
                    f"`{one.name}` of `{layer.name}` is kept, and nothing reads it",
                    "use it, or leave it out",
                )


def _keeps(made: Assignment, name: str) -> bool:
    """Whether an assignment of the constructor keeps an argument, or what it names."""
    nodes = ast.walk(made.value) if made.value is not None else ()
    here = made.method == "__init__"
    return here and any(isinstance(one, ast.Name) and one.id == name for one in nodes)


def _is_read(attribute: str, layer: LayerClass, module: Module) -> bool:
    """Whether a method reads an attribute for more than the config, or others may."""
    for method in layer.own.values():
        for site in method.sites:
            read = isinstance(getattr(site.node, "ctx", None), ast.Load)
            if read and attribute_of(site.node, method.this) == attribute:
                if method.name != "get_config":
                    return True
    for node in module.source.nodes:
        match node:
            case ast.Attribute(value=owner, attr=name) if name == attribute:
                if not isinstance(owner, ast.Name) or owner.id != "self":
                    return True
            case ast.Name(id="getattr" | "vars") | ast.Attribute(attr="__dict__"):
                return True
    return False
