"""Values of one kind each: text, flags, numbers, data types, makers, names."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

from layergen.keras_tables.names import DTYPES
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.model import Maker
from layergen.language.readers.code import read_expression
from layergen.language.readers.mappings import is_identifier
from layergen.language.yaml.nodes import (
    Node,
    Scalar,
    Sequence,
    TooLarge,
    is_null,
    kind_of,
)
from layergen.limits import ENTRIES
from layergen.nearest import nearest

Reader = Callable[[Node, str, Context], Any]


def read_text(node: Node, what: str, context: Context) -> str | None:
    """A text, as written: `doc: 3` is the text `3`."""
    if isinstance(node, Scalar) and not is_null(node):
        return node.text.strip()
    hint = "put text that begins with `[` or `{` in quotes"
    message = f"{what} must be a text, not {kind_of(node)}"
    context.add("LG203", node.place, message, "" if is_null(node) else hint)
    return None


def read_flag(node: Node, what: str, context: Context) -> bool | None:
    value = node.text if isinstance(node, Scalar) and not node.style else ""
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    message = f"{what} must be `true` or `false`, not {_shown(node)}"
    context.add("LG203", node.place, message)
    return None


def read_number(node: Node, what: str, context: Context) -> int | float | None:
    try:
        value = node.value if isinstance(node, Scalar) else None
    except TooLarge:
        context.add("LG110", node.place, f"{what} is a number past every limit")
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        message = f"{what} must be a number, not {_shown(node)}"
        context.add("LG203", node.place, message)
        return None
    if math.isnan(value):
        context.add("LG203", node.place, f"{what} must be a number, not `.nan`")
        return None
    return value


def read_count(node: Node, what: str, context: Context) -> int | None:
    """How many items a list has."""
    number = read_number(node, what, context)
    if number is None or isinstance(number, int) and 0 <= number <= ENTRIES:
        return number
    message = f"{what} must be a number of items, not {_shown(node)}"
    context.add("LG203", node.place, message)
    return None


def read_flag_or_name(node: Node, what: str, context: Context) -> bool | str | None:
    if isinstance(node, Scalar) and node.text.lower() not in ("true", "false"):
        if is_identifier(node.text) and not is_null(node):
            return node.text
        message = f"{what} must be `true`, `false` or a name, not {_shown(node)}"
        context.add("LG203", node.place, message)
        return None
    return read_flag(node, what, context)


def read_name(node: Node, what: str, context: Context) -> str | None:
    if isinstance(node, Scalar) and is_identifier(node.text) and not is_null(node):
        return node.text
    context.add("LG203", node.place, f"{what} must be a name, not {_shown(node)}")
    return None


def read_bound(node: Node, what: str, context: Context) -> int | float | str | None:
    """A number, or the name of an argument, dimension or derived value."""
    if isinstance(node, Scalar) and is_identifier(node.text) and not is_null(node):
        return node.text
    return read_number(node, what, context)


def read_dtype(node: Node, what: str, context: Context) -> str | None:
    text = node.text if isinstance(node, Scalar) else ""
    if text in DTYPES:
        return text
    hint = nearest(text, DTYPES, "as in `float32`, `int32` or `bool`")
    message = f"{_shown(node)} is no data type"
    context.add("LG210", node.place, message, hint)
    return None


def read_maker(node: Node, what: str, context: Context) -> Maker | None:
    """What an initializer, regularizer or constraint is; names are judged later."""
    if is_null(node):
        return Maker("none")
    if not isinstance(node, Scalar):
        message = f"{what} must be an identifier or a call, not {kind_of(node)}"
        context.add("LG212", node.place, message, "as in `RandomUniform(-0.05, 0.05)`")
        return None
    text = node.text.strip()
    if is_identifier(text):
        return Maker("identifier", text)
    code = read_expression(node, what, context)
    if code is None:
        return None
    if isinstance(code.expression, ast.Call):
        return Maker("call", code.text, code)
    message = f"{what} must be an identifier, an argument or a call"
    hint = "as in `zeros` or `RandomUniform(-0.05, 0.05)`"
    context.add("LG212", node.place, message, hint)
    return None


def read_parameters(node: Node, what: str, context: Context) -> tuple[str, ...] | None:
    """The names of a function's parameters; whether they are usable is judged later."""
    if not isinstance(node, Sequence):
        message = f"{what} of a function is a list of names, not {kind_of(node)}"
        context.add("LG203", node.place, message, "as in `[x, slope]`")
        return None
    found: list[str] = []
    for item in node.items:
        text = item.text.strip() if isinstance(item, Scalar) else ""
        if not is_identifier(text):
            message = f"{_shown(item)} is no name for a parameter"
            context.add("LG403", item.place, message)
            return None
        if text in found:
            message = f"the parameter `{text}` is there twice"
            context.add("LG401", item.place, message, "leave one out")
        else:
            found.append(text)
    return tuple(found)


def read_axes(node: Node, what: str, context: Context) -> tuple[str, ...] | None:
    """The names of axes; whether the input has them is judged later."""
    items = node.items if isinstance(node, Sequence) else ()
    names = tuple(one.text.strip() for one in items if isinstance(one, Scalar))
    if names and len(names) == len(items) and all(map(is_identifier, names)):
        return tuple(dict.fromkeys(names))
    message = f"{what} is a list of names of axes"
    context.add("LG203", node.place, message, "as in `[time]`")
    return None


def word_reader(*words: str) -> Reader:
    """A reader of one of a few words."""

    def read(node: Node, what: str, context: Context) -> str | None:
        word = node.text.strip() if isinstance(node, Scalar) else ""
        if word in words:
            return word
        known = " or ".join(f"`{one}`" for one in words)
        message = f"{what} must be {known}, not {_shown(node)}"
        context.add("LG203", node.place, message, nearest(word, words))
        return None

    return read


def _shown(node: Node) -> str:
    if isinstance(node, Scalar) and not is_null(node):
        return f"`{clipped(node.text)}`"
    return kind_of(node)
