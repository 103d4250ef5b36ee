"""What templates do with the texts of a plan."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from layergen.layout.formatting import blackened
from layergen.layout.header import header
from layergen.source.lexing import indented as indented_code
from layergen.source.literals import (
    DocText,
    Message,
    docstring_text,
    literal,
    wrapped,
)

DOC_WIDTH = 80

Filters = dict[str, Callable[..., Any]]


def indented(code: str, width: int) -> str:
    """Python moved to the right."""
    return indented_code(code.rstrip("\n"), " " * width)


def moved(text: str, width: int) -> str:
    """Text moved to the right."""
    return "\n".join(
        " " * width + line if line.strip() else "" for line in text.splitlines()
    )


def filled(text: str, width: int, line_length: int) -> str:
    """A paragraph of lines that are full, moved to the right."""
    return moved(wrapped(text, min(DOC_WIDTH, line_length) - width), width)


def hanging(text: str, width: int, line_length: int) -> str:
    """A paragraph as of `filled`, its later lines further in."""
    return moved(wrapped(text, min(DOC_WIDTH, line_length) - width, "    "), width)


def prompted(code: str, line_length: int) -> DocText:
    """A line to type at Python's prompt, laid out in several where it is too long."""
    if len(code) + 4 > line_length:
        ast.parse(code)  # What Python's own parser takes, Black lays out before long.
        code = blackened(code, line_length - 4).rstrip()
    return docstring_text(">>> " + code.replace("\n", "\n... "))


def dictionary(
    items: Iterable[tuple[str, object]], before: str, line_length: int
) -> str:
    """A dictionary that stands after a text and before a comma: on one line, or on one for
    each item where that is too long."""
    entries = [f"{literal(name)}: {literal(value)}" for name, value in items]
    short = f"{{{', '.join(entries)}}}"
    if len(before) + len(short) + 1 <= line_length:
        return before + short
    margin = " " * (len(before) - len(before.lstrip()))
    inner = "".join(f"{margin}    {entry},\n" for entry in entries)
    return f"{before}{{\n{inner}{margin}}}"


def lines(message: Message, line_length: int) -> list[str]:
    """The literals of a message, each of a line."""
    return message.lines(line_length)


OF_TEXT: Filters = {
    "indented": indented,
    "moved": moved,
    "filled": filled,
    "hanging": hanging,
}
"""Filters that take a text and a width to move it by."""
OTHERS: Filters = {
    "literal": literal,
    "dictionary": dictionary,
    "header": header,
    "lines": lines,
}
FORMATTING: Filters = {"prompted": prompted}
"""Filters that ask a formatter, which takes its time."""
