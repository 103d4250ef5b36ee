"""Attributes and methods: what tensors, shapes and lists have."""

from __future__ import annotations

import ast

from layergen.forward.findings import Reader
from layergen.forward.late import Late
from layergen.forward.shapes import REST, Begun, Shape
from layergen.forward.sizes import Axis, Dim
from layergen.forward.values import (
    NOWHERE,
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


def shape_value(
    shape: Shape, late: frozenset[str] | None, unknown: Late = Late.PERHAPS
) -> Value:
    """The sizes of a shape; those that rest on names in `late` may be tensors, where it
    is None all are known. `unknown` is what is held of others."""
    if late is None:
        late, unknown = NOWHERE, Late.NEVER
    if isinstance(shape, Begun):
        return Items((_size(shape.first, late, unknown), REST), unknown)
    if not isinstance(shape, tuple):
        return Many(Number("int", None, unknown))
    sizes = (one if one is REST else _size(one, late, unknown) for one in shape)
    return Items(tuple(sizes), unknown if REST in shape else Late.NEVER)


def _size(value: Dim, late: frozenset[str], unknown: Late) -> Number:
    """A size as a number; an axis without a name may be open."""
    if value is None:
        return Number("int", None, unknown)
    atoms = () if isinstance(value, int) else tuple(value.atoms)
    is_open = any(str(one) in late or isinstance(one, Axis) for one in atoms)
    known = not is_open or unknown is Late.NEVER
    return Number("int", value, Late.NEVER if known else Late.SURELY)


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
