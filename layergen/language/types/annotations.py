"""Arguments in Python's annotation syntax: `int | None = None` to type and default."""

from __future__ import annotations

import ast
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
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _optional(left, right, tree)
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


def _optional(left: ast.expr, right: ast.expr, tree: ast.expr) -> Type:
    if _is_none(left):
        left, right = right, left
    if not _is_none(right):
        message = f"{shown(tree)} mixes two types"
        raise BadAnnotation(message, offset(tree), "only `| None` can be added")
    return replace(_type(left), optional=True)


def _is_none(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is None
