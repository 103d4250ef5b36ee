"""Attributes and methods: what tensors, shapes and lists have."""

from __future__ import annotations

import ast

from layergen.forward.findings import Reader
from layergen.forward.shapes import REST, Begun, Shape
from layergen.forward.sizes import Axis, Dim, Poly
from layergen.forward.values import (
    OPEN,
    UNKNOWN,
    Items,
    Many,
    Number,
    Tensor,
    Unknown,
    Value,
    listed,
    through,
)
from layergen.keras_tables.methods import MEANT, SEVERAL, TO_NUMPY
from layergen.keras_tables.names import OPS


def shape_value(shape: Shape, late: frozenset[str] | None = None) -> Value:
    """The sizes of a shape; those that rest on names in `late` may be tensors."""
    if isinstance(shape, Begun):
        return Items((size(shape.first, late), REST), late is not None)
    if not isinstance(shape, tuple):
        return Many(Number("int", None, late is not None))
    sizes = tuple(one if one is REST else size(one, late) for one in shape)
    return Items(sizes, late is not None and REST in shape)


def size(value: Dim, late: frozenset[str] | None) -> Number:
    """A size as a number."""
    if isinstance(value, Poly):
        return Number("int", value, late is not None and _is_late(value, late))
    return Number("int", value, late is not None and value is None)


def _is_late(value: Poly, late: frozenset[str]) -> bool:
    """Whether a size rests on an axis that may be open: named in `late`, or without name."""
    return any(isinstance(one, Axis) or str(one) in late for one in value.atoms)


def element(value: Value) -> Value:
    """What the items of something that is spread may be."""
    many = listed(value)
    return many.element if many else Unknown(through(value))


def unknown_attribute(reader: Reader, node: ast.Attribute, owner: Tensor) -> None:
    """A tensor of Keras has no methods."""
    name = node.attr
    if name in TO_NUMPY or name.startswith("_"):
        return
    meant = MEANT.get(name, name if name in OPS else "")
    if not meant and name not in MEANT:
        return
    message = f"a tensor has no `{name}` on every backend"
    shown = ast.unparse(node.value)
    hint = f"use `ops.{meant}({shown}, ...)`" if meant else "leave it out"
    reader.fault("LG440", node, message, hint)


def of_tensor(reader: Reader, node: ast.Attribute) -> Value | None:
    """What a method of other libraries' tensors would give, None for what is none."""
    owner = reader.found.values.get(node.value, UNKNOWN)
    if not isinstance(owner, Tensor) or not (node.attr in MEANT or node.attr in OPS):
        return None
    one = Tensor(None, OPEN, owner.through)
    return Many(one, some=True) if node.attr in SEVERAL else one


def of_list(reader: Reader, node: ast.Attribute, given: list[Value]) -> Value | None:
    """What a method of a list gives, None for what is no such method."""
    owner = reader.found.values.get(node.value, UNKNOWN)
    if not isinstance(owner, (Items, Many)):
        return None
    if node.attr in ("append", "insert") and given:
        reader.add_item(node.value, given[-1])
        return UNKNOWN
    if node.attr == "extend" and given:
        reader.add_item(node.value, element(given[0]))
        return UNKNOWN
    many = listed(owner)
    if node.attr == "pop" and many:
        return many.element
    return None
