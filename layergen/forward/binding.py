"""The names that code binds, and what conditions say of them."""

from __future__ import annotations

import ast

from layergen.forward import expressions, shapes
from layergen.forward.findings import Reader
from layergen.forward.frames import Names
from layergen.forward.values import (
    Items,
    Many,
    Maybe,
    Nothing,
    Number,
    Tensor,
    Unknown,
    Value,
    joined,
    listed,
    surely_one,
    through,
)


def bind(reader: Reader, target: ast.expr, value: Value) -> None:
    """What an assignment to `target` does."""
    names = reader.frame.names
    assert names is not None
    match target:
        case ast.Name(id=name):
            names[name] = value
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            if surely_one(value):
                hint = "inputs that come in one list are declared by name: "
                hint += "`inputs_as: list`; `ops.unstack` takes an axis apart"
                reader.fault("LG446", target, "a tensor is no list of several", hint)
            _unpack(reader, parts, value)
        case ast.Starred(value=inner):
            many = listed(value)
            bind(reader, inner, many or Unknown(through(value)))
        case ast.Subscript(value=owner, slice=index):
            reader.value(owner)
            reader.value(index)
            reader.add_item(owner, value)


def _unpack(reader: Reader, parts: list[ast.expr], value: Value) -> None:
    starred = [i for i, one in enumerate(parts) if isinstance(one, ast.Starred)]
    values = _one_by_one(value, len(parts), starred) if len(starred) < 2 else None
    if values is not None:
        for part, item in zip(parts, values, strict=True):
            bind(reader, part.value if isinstance(part, ast.Starred) else part, item)
        return
    many = listed(value)
    for part in parts:
        if many is None:
            bind(reader, part, Unknown(through(value)))
        else:
            is_rest = isinstance(part, ast.Starred)
            bind(reader, part, Many(many.element) if is_rest else many.element)


def _one_by_one(value: Value, count: int, starred: list[int]) -> list[Value] | None:
    """What each of so many targets is given, where that is known; the axes of `...` are as
    many as there are names for them."""
    if not isinstance(value, Items):
        return None
    items = value.items
    rest = items.index(shapes.REST) if shapes.REST in items else len(items)
    if starred:
        [star] = starred
        end = len(items) - (count - star - 1)
        if end < star or star > rest or rest < len(items) and end <= rest:
            return None
        return [*items[:star], Items(items[star:end], value.late), *items[end:]]
    if rest < len(items) and count >= len(items) - 1:
        axes = (Number("int", None, value.late),) * (count - len(items) + 1)
        items = (*items[:rest], *axes, *items[rest + 1 :])
    return [*items] if len(items) == count and shapes.REST not in items else None


def add_item(reader: Reader, owner: ast.expr, value: Value) -> None:
    """A list gets another item, or one instead of another, by whatever name it goes."""
    while isinstance(owner, (ast.Subscript, ast.Attribute)):
        owner = owner.value
    names = reader.frame.names
    if not isinstance(owner, ast.Name) or names is None:
        return
    kept = reader.lookup(owner.id)
    # Nothing can be assigned to an item of a tensor.
    if not isinstance(kept, Tensor):
        names[owner.id] = after = _with_item(kept, value)
        others = [name for name, one in names.items() if one is kept]
        names |= dict.fromkeys(others, after)


def _with_item(kept: Value, value: Value) -> Value:
    before = listed(kept)
    if before is None:
        return Unknown(through(value))
    if isinstance(before.element, Unknown) and not before.some:
        return Many(value, some=True)
    return Many(joined(before.element, value), some=True)


def augmented(reader: Reader, node: ast.AugAssign) -> None:
    """What an augmented assignment does; lists get longer."""
    target = node.target
    if not isinstance(target, ast.Name):
        bind(reader, target, reader.value(node.value))
        return
    before = reader.lookup(target.id)
    known = reader.found.values
    known[target] = joined(known.get(target, before), before)
    other = reader.value(node.value)
    many, more = listed(before), listed(other)
    if many and more and isinstance(node.op, ast.Add):
        found: Value = Many(joined(many.element, more.element), some=True)
        if isinstance(many.element, Unknown):
            found = more
    else:
        found = expressions.binary(reader, node, before, other, target, node.value)
    bind(reader, target, found)


def narrowed(reader: Reader, test: ast.expr, holds: bool, names: Names) -> Names:
    """The names where a condition holds or not: what is compared with None."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return narrowed(reader, operand, not holds, names)
        case ast.BoolOp(op=ast.And(), values=values) if holds:
            for one in values:
                names = narrowed(reader, one, True, names)
        case ast.BoolOp(op=ast.Or(), values=values) if not holds:
            for one in values:
                names = narrowed(reader, one, False, names)
        case ast.Compare(
            left=ast.Name(id=name) | ast.NamedExpr(target=ast.Name(id=name)),
            ops=[ast.Is() | ast.IsNot() as op],
            comparators=[ast.Constant(value=None)],
        ):
            is_none = isinstance(op, ast.Is) is holds
            value = names[name] if name in names else reader.lookup(name)
            if isinstance(value, Maybe):
                names[name] = Nothing() if is_none else value.value
        case ast.Name(id=name) | ast.NamedExpr(target=ast.Name(id=name)):
            value = names[name] if name in names else reader.lookup(name)
            if isinstance(value, Maybe) and holds:
                names[name] = value.value
    return names
