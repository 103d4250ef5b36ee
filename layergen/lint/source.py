"""A Python file as text and syntax tree, or why it has none."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from functools import cached_property

from msgspec import Struct

from layergen.language.collector import clipped
from layergen.problems import Place

LIMIT = 1024 * 1024
_DEEP = "the code is nested too deeply to be read"


class Unreadable(Exception):
    """Why a file is no Python that can be read, and where."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place, self.message, self.hint = place, message, hint


class Source(Struct, frozen=True, dict=True):
    """The text of a Python file; its lines end in LF."""

    file: str
    text: str
    tree: ast.Module

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the tree."""
        return tuple(ast.walk(self.tree))

    def written(self, node: ast.expr) -> str:
        """An expression as it stands in the text."""
        return clipped(ast.get_source_segment(self.text, node) or ast.unparse(node))

    def place(self, node: ast.AST) -> Place:
        """Where a node begins. The syntax tree counts bytes, a place characters."""
        line, offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        before = self.lines[line - 1].encode()[:offset]
        return Place(line, len(before.decode(errors="replace")) + 1)


def decode(data: bytes) -> str:
    """The text of a Python file, by the encoding that it declares."""
    if len(data) > LIMIT:
        raise too_large()
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        raise _not_in_encoding(data, error) from None
    except (SyntaxError, ValueError, LookupError) as error:
        message = f"the encoding cannot be known: {_lowered(error)}"
        raise Unreadable(Place(1, 1), message, "save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, file: str) -> Source:
    """The syntax tree of a text whose lines end in LF."""
    if (null := text.find("\0")) >= 0:
        line = text.count("\n", 0, null) + 1
        column = null - text.rfind("\n", 0, null)
        raise Unreadable(Place(line, column), "a null byte", "delete it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Source(file, text, ast.parse(text))
    except SyntaxError as error:
        lines = text.count("\n") + 1
        line = min(max(error.lineno or 1, 1), lines)
        place = Place(line, max(error.offset or 1, 1))
        raise Unreadable(place, f"no valid Python: {_lowered(error)}") from None
    except (RecursionError, MemoryError):
        raise Unreadable(Place(1, 1), _DEEP) from None
    except ValueError as error:
        message = f"no valid Python: {_lowered(error)}"
        raise Unreadable(Place(1, 1), message) from None


def too_large() -> Unreadable:
    """The problem of a file past the limit."""
    return Unreadable(Place(1, 1), f"the file is larger than {LIMIT >> 20} MiB")


def too_deep() -> Unreadable:
    """The problem of a tree that cannot be walked."""
    return Unreadable(Place(1, 1), _DEEP)


def _encoding(data: bytes) -> str:
    """The encoding that the first two lines declare, or UTF-8."""
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        # Bytes that are no UTF-8 have a place; a wrong declaration has not.
        data.decode()
        raise


def _not_in_encoding(data: bytes, error: UnicodeDecodeError) -> Unreadable:
    before = re.split(rb"\r\n|\r|\n", data[: error.start])
    column = len(before[-1].decode(error.encoding, "replace")) + 1
    byte = error.object[error.start]
    message = f"the byte 0x{byte:02x} is not {error.encoding.upper()}"
    hint = "save the file as UTF-8, or declare its encoding in the first line"
    return Unreadable(Place(len(before), column), message, hint)


def _lowered(error: Exception) -> str:
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    message = message.partition(" (<unknown>")[0]
    return message[:1].lower() + message[1:]
