"""What assignments do to names."""

from __future__ import annotations

import ast

from layergen.forward import shapes
from layergen.forward.findings import Reader
from layergen.forward.frames import Names
from layergen.forward.values import (
    Items,
    Many,
    Unknown,
    Value,
    joined,
    listed,
    through,
)


def bind(reader: Reader, names: Names, target: ast.expr, value: Value) -> None:
    """What an assignment to `target` does."""
    match target:
        case ast.Name(id=name):
            names[name] = value
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            _unpack(reader, names, parts, value)
        case ast.Starred(value=inner):
            many = listed(value)
            bind(reader, names, inner, many or Unknown(through(value)))
        case ast.Subscript(value=owner, slice=index):
            reader.value(owner)
            reader.value(index)
            add_item(reader, names, owner, value)


def _unpack(reader: Reader, names: Names, parts: list[ast.expr], value: Value) -> None:
    """What an assignment to several targets does."""
    starred = [i for i, one in enumerate(parts) if isinstance(one, ast.Starred)]
    if isinstance(value, Items) and shapes.REST not in value.items:
        items = value.items
        if not starred and len(items) == len(parts):
            for part, item in zip(parts, items, strict=True):
                bind(reader, names, part, item)
            return
        if len(starred) == 1 and len(items) >= len(parts) - 1:
            [at] = starred
            after = len(parts) - at - 1
            middle = Items(items[at : len(items) - after])
            whole = [*items[:at], middle, *items[len(items) - after :]]
            for part, item in zip(parts, whole, strict=True):
                inner = part.value if isinstance(part, ast.Starred) else part
                bind(reader, names, inner, item)
            return
    many = listed(value)
    for part in parts:
        if many is None:
            bind(reader, names, part, Unknown(through(value)))
        else:
            is_rest = isinstance(part, ast.Starred)
            bind(reader, names, part, Many(many.element) if is_rest else many.element)


def add_item(reader: Reader, names: Names, owner: ast.expr, value: Value) -> None:
    """A list gets another item, or one instead of another."""
    while isinstance(owner, (ast.Subscript, ast.Attribute)):
        owner = owner.value
    if isinstance(owner, ast.Name):
        before = listed(reader.lookup(owner.id))
        some = Many(value, some=True)
        if before is None:
            names[owner.id] = Unknown(through(value))
        elif isinstance(before.element, Unknown) and not before.some:
            names[owner.id] = some
        else:
            names[owner.id] = Many(joined(before.element, value), some=True)
