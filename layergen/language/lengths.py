"""How long the lists must be of which code surely takes an item."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from layergen.language.model import Arg, Spec
from layergen.language.types.length import Length
from layergen.language.uses import LATER, sure
from layergen.source.code import Code

MAYBE = (*LATER, ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
"""What may run none of the code inside it."""


def with_lengths(spec: Spec) -> Spec:
    """A spec of which every list argument is as long as its code needs it.

    A length that is written, or a default that is shorter, says otherwise.
    """
    needed = dict[str, int]()
    for name, count in _taken(spec):
        needed[name] = max(count, needed.get(name, 0))
    return replace(spec, args=tuple(_long(arg, needed) for arg in spec.args))


def _long(arg: Arg, needed: dict[str, int]) -> Arg:
    length = Length(needed.get(arg.name, 0))
    short = isinstance(arg.default, list) and not length.admits(len(arg.default))
    if not length.min or arg.type.is_sized or arg.type.optional or short:
        return arg
    return replace(arg, type=arg.type.of_length(length) or arg.type)


def _taken(spec: Spec) -> Iterator[tuple[str, int]]:
    """The names of which code takes an item, each with the length that it needs."""
    codes = [spec.forward, *(derived.code for derived in spec.derived)]
    codes += [layer.make for layer in spec.layers if not layer.when and not layer.loop]
    codes += [layer.loop.iterable for layer in spec.layers if layer.loop]
    for code in codes:
        yield from _items(code)


def _items(code: Code) -> Iterator[tuple[str, int]]:
    todo: list[ast.AST] = [code.expression] if code.is_expression else sure(code.body)
    free = {*code.names.free}
    while todo:
        node = todo.pop()
        match node:
            case ast.Subscript(value=ast.Name(id=name) as value, slice=index):
                place = _number(index)
                if value in free and place is not None:
                    yield name, place + 1 if place >= 0 else -place
            case ast.Call(
                func=ast.Name(id="max" | "min"), args=[ast.Name() as value], keywords=[]
            ) if (value in free):
                yield value.id, 1
        if not isinstance(node, MAYBE):
            todo += ast.iter_child_nodes(node)


def _number(index: ast.expr) -> int | None:
    match index:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None
