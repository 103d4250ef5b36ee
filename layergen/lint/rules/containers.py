"""Layers where Keras does not look for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from layergen.lint.facts import LayerClass, Module, Sublayer
from layergen.lint.keras_layers import SEEDED, WEIGHTED
from layergen.lint.registry import Finding, rule

_NAMESPACES = ("types.SimpleNamespace",)


@rule("LG723")
def in_an_object(layer: LayerClass, module: Module) -> Iterator[Finding]:
    """Keras finds the layers that stand in attributes, lists, tuples and dictionaries. A
    layer inside an object of another kind is neither trained nor saved."""
    plain = _plain_classes(module)
    sublayers = {id(one.call): one for one in layer.sublayers}
    for made in layer.assignments:
        match made.value:
            case ast.Call(func=func) as call:
                name = func.id if isinstance(func, ast.Name) else ""
                if name not in plain and module.names.resolve(func) not in _NAMESPACES:
                    continue
                if _taken_out(made.attribute, layer):
                    continue
                for given in (*call.args, *(one.value for one in call.keywords)):
                    one = sublayers.get(id(given))
                    if one is not None and _has_state(one, module):
                        yield _finding(given, one.short, made.attribute)
                for inner in _makers(plain.get(name), module):
                    yield _finding(call, inner, made.attribute)


def _taken_out(attribute: str, layer: LayerClass) -> bool:
    """Whether the layer also keeps what it takes out of an attribute."""
    kept = (one.value for one in layer.assignments if one.value is not None)
    return any(f".{attribute}." in ast.unparse(value) for value in kept)


def _finding(node: ast.AST, maker: str, attribute: str) -> Finding:
    return Finding(
        node,
        f"`{maker}` stands in an object, `{attribute}`, in which Keras does not look for "
        "layers",
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
        and all(ast.unparse(d).startswith("dataclass") for d in one.decorator_list)
        and all(isinstance(b, ast.Name) and b.id == "object" for b in one.bases)
    }


def _makers(plain: ast.ClassDef | None, module: Module) -> Iterator[str]:
    """The layers that an object of such a class makes and keeps."""
    for node in ast.walk(plain) if plain is not None else ():
        match node:
            case ast.Assign(targets=[ast.Attribute()], value=ast.Call(func=func)):
                head, _, name = module.names.resolve(func).rpartition(".")
                if head == "keras.layers" and name in WEIGHTED | SEEDED:
                    yield name


def _has_state(one: Sublayer, module: Module) -> bool:
    if one.maker.startswith("keras."):
        return one.short in WEIGHTED | SEEDED
    return module.layer(one.maker) is not None
