"""Layers given as arguments: which of them the layer calls, and which must come built.

One that forward calls is built on the shape that it sees. Of one that forward only reads
attributes of, as of a kernel that is tied to it, nobody here knows that shape.
"""

from __future__ import annotations

import ast

from layergen.keras_tables.names import LAYER_ATTRIBUTES
from layergen.language.model import Spec
from layergen.source.code import Code
from layergen.source.dotted import dotted

VARIABLES = frozenset(
    f"{which}{what}"
    for which in ("", "trainable_", "non_trainable_")
    for what in ("weights", "variables")
) | {"get_weights", "count_params"}
"""What every layer has, and what is empty until it is built."""


def attributes_read(spec: Spec) -> dict[str, tuple[str, ...]]:
    """The given layers that nothing calls or hands on, each with what is read of it:
    `kernel`, or `cell.kernel`."""
    codes = [spec.forward, *(function.forward for function in spec.functions)]
    codes += [spec.mask] if isinstance(spec.mask, Code) else []
    nodes = [node for code in codes for node in code.nodes]
    found: dict[str, set[str]] = {a.name: set() for a in spec.args if a.type.is_layer}
    owners: set[ast.expr] = set()
    for node in (n for n in nodes if isinstance(n, ast.Attribute)):
        name, _, path = dotted(node).partition(".")
        if name in found and node not in owners:
            found[name].add(path)
        owners.add(node.value)
    plain = {n.id for n in nodes if isinstance(n, ast.Name) and n not in owners}
    return {
        n: tuple(sorted(read)) for n, read in found.items() if read and n not in plain
    }


def waited_for(spec: Spec, name: str) -> tuple[str, ...]:
    """What is read of a given layer that it may have only once it is built."""
    early = LAYER_ATTRIBUTES - VARIABLES
    read = attributes_read(spec).get(name, ())
    return tuple(one for one in read if one.split(".")[0] not in early)


def comes_built(spec: Spec, name: str) -> bool:
    """Whether a given layer must be built before: nothing that `build` builds holds it."""
    return bool(waited_for(spec, name)) and name not in held(spec)


def held(spec: Spec) -> frozenset[str]:
    """The names that sublayers are made of."""
    return frozenset(name.id for one in spec.layers for name in one.make.names.free)


def called(spec: Spec) -> list[str]:
    """The given layers that `build` builds: not those of which only attributes are read,
    nor those that a sublayer holds and nothing else reads."""
    read = {name.id for name in spec.forward.names.free}
    left = {*attributes_read(spec), *(held(spec) - read)}
    return [one.name for one in spec.args if one.type.is_layer and one.name not in left]
