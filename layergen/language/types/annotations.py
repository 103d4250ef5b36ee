"""Arguments in Python's annotation syntax: `int | None = None` to type and default."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from layergen.language.collector import Hint, clipped, nearest
from layergen.language.limits import SHORT_TEXT
from layergen.language.model import Scalar, Type
from layergen.language.types.literals import NoLiteral, from_python
from layergen.source.parsing import TooDeep, parse_module

SIMPLE = frozenset(
    "int float bool str dict Shape DType Array Initializer Regularizer Constraint"
    " Activation Layer".split()
)
KNOWN = SIMPLE | {"Literal", "list"}
ITEMS = frozenset(("int", "float", "bool", "str", "Literal", "list"))
PREFIX = "_: "
ALIKE = {
    "integer": "int",
    "number": "float",
    "double": "float",
    "string": "str",
    "boolean": "bool",
    "tuple": "Shape",
    "Tuple": "Shape",
    "List": "list",
    "Dict": "dict",
    "ndarray": "Array",
    "Tensor": "Array",
    "dtype": "DType",
    "shape": "Shape",
}


class BadAnnotation(ValueError):
    """What is wrong with an annotation, and at which character of it (from 0)."""

    def __init__(self, message: str, offset: int = 0, hint: Hint = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = max(offset, 0)
        self.hint = hint


@dataclass(frozen=True)
class Annotation:
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
        offset = _offset(statement.value)
        default = from_python(statement.value)
    except NoLiteral as error:
        default = text.split("=", 1)[-1].strip()
        message = f"the default `{clipped(default)}` is no literal"
        python = {"true": "True", "false": "False", "null": "None", "none": "None"}
        hint = "a default is a plain value: a number, a text, None, a list of these"
        if default in python:
            hint = f"did you mean `{python[default]}`?"
        raise BadAnnotation(message, _offset(error.node), hint) from error
    return Annotation(type_, False, default, offset)


def parse_type(text: str) -> Type:
    """A type alone.

    Raises:
        BadAnnotation: If it is none.
    """
    statement = _statement(text)
    if statement.value is not None:
        hint = "give the default under `default`"
        raise BadAnnotation("a type takes no `=` here", _offset(statement.value), hint)
    return _type(statement.annotation)


def _statement(text: str) -> ast.AnnAssign:
    if len(text) > SHORT_TEXT or not text.isprintable():
        raise BadAnnotation(f"`{clipped(text)}` is no type")
    try:
        statement, *more = parse_module(PREFIX + text).body
    except TooDeep as error:
        raise BadAnnotation(f"`{clipped(text)}` is nested too deeply") from error
    except SyntaxError as error:
        offset = (error.offset or 1) - 1 - len(PREFIX)
        message = f"`{clipped(text)}` is no type: {clipped(error.msg, 80)}"
        raise BadAnnotation(message, min(offset, len(text)), TYPES_HINT) from error
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
        case ast.Name(id=name) if name in SIMPLE:
            return Type(name)
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            return Type("list", item=_item(inner))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            return Type("Literal", choices=_choices(inner))
        case ast.Name(id="list" | "Literal" as name):
            hint = "`list[int]`" if name == "list" else '`Literal["a", "b"]`'
            message = f"`{name}` needs to say of what"
            raise BadAnnotation(message, _offset(tree), f"as in {hint}")
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            hint = f"write `{_shown(inner)} | None`"
            raise BadAnnotation("unknown type `Optional`", _offset(tree), hint)
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            near: Hint = nearest(name, KNOWN)
            if name in ALIKE:
                near = f"did you mean `{ALIKE[name]}`?"
            elif name in KNOWN:
                near = f"`{name}` takes no `[...]`"
            raise BadAnnotation(f"unknown type `{clipped(name)}`", _offset(tree), near)
    raise BadAnnotation(f"`{_shown(tree)}` is no type", _offset(tree), TYPES_HINT)


def _optional(left: ast.expr, right: ast.expr, tree: ast.expr) -> Type:
    if _is_none(left):
        left, right = right, left
    if not _is_none(right):
        message = f"`{_shown(tree)}` mixes two types"
        raise BadAnnotation(message, _offset(tree), "only `| None` can be added")
    type_ = _type(left)
    return Type(type_.name, type_.item, type_.choices, optional=True)


def _item(tree: ast.expr) -> Type:
    item = _type(tree)
    if item.name in ITEMS:
        return item
    message = f"a list of `{item.name}` is not possible"
    hint = "items are int, float, bool, str, Literal or list"
    raise BadAnnotation(message, _offset(tree), hint)


def _choices(tree: ast.expr) -> tuple[Scalar, ...]:
    items = tree.elts if isinstance(tree, ast.Tuple) else [tree]
    found: list[Scalar] = []
    for item in items:
        try:
            value = from_python(item)
        except NoLiteral as error:
            message = f"`{_shown(item)}` is no value for a Literal"
            hint = (
                f'quote text: `"{_shown(item)}"`' if isinstance(item, ast.Name) else ""
            )
            raise BadAnnotation(message, _offset(item), hint) from error
        if not isinstance(value, (str, int)):
            message = f"a Literal holds texts, ints or bools, not `{_shown(item)}`"
            hint = "write `| None` after it" if value is None else ""
            raise BadAnnotation(message, _offset(item), hint)
        if any(value == one and type(value) is type(one) for one in found):
            message = f"`{_shown(item)}` is there twice"
            raise BadAnnotation(message, _offset(item))
        if found and type(found[0]) is not type(value):
            message = "a Literal's values must be all of one kind"
            raise BadAnnotation(message, _offset(item))
        found.append(value)
    if not found:
        raise BadAnnotation("a Literal without values", _offset(tree))
    return tuple(found)


def _is_none(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is None


def _offset(node: ast.AST) -> int:
    return getattr(node, "col_offset", len(PREFIX)) - len(PREFIX)


def _shown(tree: ast.expr) -> str:
    return clipped(ast.unparse(tree))
