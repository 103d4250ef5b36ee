"""Arguments in Python's annotation syntax: `int | None = None` to type and default."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from msgspec import Struct

from layergen.language.collector import Hint, clipped
from layergen.language.types import kinds  # noqa: F401  (registers the types)
from layergen.language.types.base import (
    PREFIX,
    TYPES,
    BadAnnotation,
    Type,
    offset,
    shown,
)
from layergen.language.types.kinds.containers import List, Shape
from layergen.language.types.kinds.scalars import Scalar
from layergen.language.types.kinds.unions import Union
from layergen.language.types.literals import NoLiteral, from_python
from layergen.limits import SHORT_TEXT
from layergen.nearest import nearest, question
from layergen.source.parsing import TooDeep, parse_module


class Annotation(Struct, frozen=True):
    """A type and, unless `required`, the default after `=` (with its offset)."""

    type: Type
    required: bool = True
    default: object = None
    offset: int = 0


def parse(text: str) -> Annotation:
    """An annotation with an optional default.

    Raises:
        BadAnnotation: If it is none.
    """
    statement = _statement(text)
    try:
        type_ = _type(statement.annotation)
        if statement.value is None:
            return Annotation(type_)
        start = offset(statement.value)
        default = from_python(statement.value)
    except NoLiteral as error:
        default = text.split("=", 1)[-1].strip()
        message = f"the default `{clipped(default)}` is no literal"
        python = {"true": "True", "false": "False", "null": "None", "none": "None"}
        hint = "a default is a plain value: a number, a text, None, a list of these"
        if default in python:
            hint = question(python[default])
        raise BadAnnotation(message, offset(error.node), hint) from error
    return Annotation(type_, False, default, start)


def parse_type(text: str) -> Type:
    """A type alone.

    Raises:
        BadAnnotation: If it is none.
    """
    statement = _statement(text)
    if statement.value is not None:
        hint = "give the default under `default`"
        raise BadAnnotation("a type takes no `=` here", offset(statement.value), hint)
    return _type(statement.annotation)


def _statement(text: str) -> ast.AnnAssign:
    if len(text) > SHORT_TEXT or not text.isprintable():
        raise BadAnnotation(f"`{clipped(text)}` is no type")
    try:
        statement, *more = parse_module(PREFIX + text).body
    except TooDeep as error:
        raise BadAnnotation(f"`{clipped(text)}` is nested too deeply") from error
    except SyntaxError as error:
        start = (error.offset or 1) - 1 - len(PREFIX)
        message = f"`{clipped(text)}` is no type: {clipped(error.msg, 80)}"
        raise BadAnnotation(message, min(start, len(text)), TYPES_HINT) from error
    except ValueError as error:
        raise BadAnnotation(f"`{clipped(text)}` is no type") from error
    if more or not isinstance(statement, ast.AnnAssign):
        raise BadAnnotation(f"`{clipped(text)}` is no type", 0, TYPES_HINT)
    return statement


TYPES_HINT = "write a type and maybe a default, as in `int` or `int | None = None`"


def _type(tree: ast.expr) -> Type:
    match tree:
        case ast.BinOp(op=ast.BitOr()):
            return _union(tree)
        case ast.Name(id=name) if name in TYPES:
            return TYPES[name].parse(None, tree, _type)
        case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in TYPES:
            return TYPES[name].parse(inner, tree, _type)
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            wanted = f"write `{clipped(ast.unparse(inner))} | None`"
            raise BadAnnotation("unknown type `Optional`", offset(tree), wanted)
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            meant = [word for word, one in TYPES.items() if name in one.alike]
            hint: Hint = question(meant[0]) if meant else nearest(name, TYPES)
            raise BadAnnotation(f"unknown type `{clipped(name)}`", offset(tree), hint)
    raise BadAnnotation(f"{shown(tree)} is no type", offset(tree), TYPES_HINT)


def _union(tree: ast.expr) -> Type:
    """What stands between `|`: None, and one type or several."""
    found: list[Type] = []
    sides = [*_sides(tree)]
    tensors = [side for side in sides if _is_tensor(side)]
    for side in sides:
        if _is_none(side) or side in tensors[:1]:
            continue
        one = _type(side)
        if one in found:
            raise BadAnnotation(f"{shown(side)} is there twice", offset(side))
        if found and _of_lists(one) and any(map(_of_lists, found)):
            message = f"{shown(tree)} has two lists, which cannot be told apart"
            raise BadAnnotation(message, offset(side), "write `list[...]` once")
        found.append(one)
    if tensors and found:
        scalar = Scalar.beside(found, tensors[0])
        return replace(scalar, optional=len(found) + 1 < len(sides))
    if tensors:
        _type(tensors[0])
    if not found:
        raise BadAnnotation(f"{shown(tree)} is no type", offset(tree), TYPES_HINT)
    if len(found) > 1:
        _check_beside(found, tree)
    type_ = found[0] if len(found) == 1 else Union(types=tuple(found))
    return replace(type_, optional=len(found) < len(sides))


def _check_beside(found: list[Type], tree: ast.expr) -> None:
    """Refuse types of which no value shows which of them it is of."""
    words = [one.word for one in found if one.looked_up]
    words = words[1:] or [one.word for one in found if one.is_tensor]
    if words:
        message = f"`{words[0]}` takes what the types beside it take"
        hint = "only `| None` can be added to it"
        raise BadAnnotation(message, offset(tree), hint)


def _sides(tree: ast.expr) -> Iterator[ast.expr]:
    match tree:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            yield from _sides(left)
            yield from _sides(right)
        case _:
            yield tree


def _of_lists(type_: Type) -> bool:
    return isinstance(type_, (List, Shape))


def _is_tensor(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Name) and tree.id == Scalar.word


def _is_none(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is None
