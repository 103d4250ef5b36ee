"""YAML as data: scalars, sequences and mappings, each with its place.

A plain scalar means what the YAML 1.2 core schema says: `1e-3` is a float, `on` a
string, `012` the number 12.
"""

from __future__ import annotations

import re

from msgspec import Struct

from layergen.problems import Place

NULL = re.compile(r"(~|null|Null|NULL|)\Z")
TRUE = re.compile(r"(true|True|TRUE)\Z")
FALSE = re.compile(r"(false|False|FALSE)\Z")
INT = re.compile(r"[-+]?[0-9]+\Z")
OCTAL = re.compile(r"0o([0-7]+)\Z")
HEX = re.compile(r"0x([0-9a-fA-F]+)\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")
NAN = re.compile(r"\.(nan|NaN|NAN)\Z")
MAX_DIGITS = 300


class TooLarge(ValueError):
    """A number that no layer could use and Python may refuse to read."""


class Scalar(Struct, frozen=True):
    """A scalar. `style` is None for a plain one, else one of `' " | >`.

    `lines` holds where each line of `text` begins.
    """

    text: str
    style: str | None
    place: Place
    lines: tuple[Place, ...]

    @property
    def value(self) -> int | float | bool | str | None:
        """What it stands for.

        Raises:
            TooLarge: If it is a number past every limit.
        """
        return self.text if self.style else _resolve(self.text)


class Sequence(Struct, frozen=True):
    items: tuple[Node, ...]
    place: Place


class Mapping(Struct, frozen=True):
    """Its keys are scalars, all different."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value of a key, if it is there."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def is_null(node: Node) -> bool:
    """Whether this is `null` or nothing at all."""
    return isinstance(node, Scalar) and not node.style and bool(NULL.match(node.text))


def kind_of(node: Node) -> str:
    """What a node is, in words for a message."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if is_null(node):
        return "nothing"
    try:
        value = node.value
    except TooLarge:
        return "a number"
    if isinstance(value, bool):
        return f"`{node.text}`"
    return "a text" if isinstance(value, str) else "a number"


def _resolve(text: str) -> int | float | bool | str | None:
    if NULL.match(text):
        return None
    if TRUE.match(text) or FALSE.match(text):
        return bool(TRUE.match(text))
    for pattern, base in ((OCTAL, 8), (HEX, 16)):
        if found := pattern.match(text):
            return _int(found[1], base)
    if INT.match(text):
        return _int(text, 10)
    if FLOAT.match(text):
        return _float(text)
    if INFINITE.match(text):
        return float(text.replace(".", ""))
    return float("nan") if NAN.match(text) else text


def _int(digits: str, base: int) -> int:
    if len(digits) > MAX_DIGITS:
        raise TooLarge(digits)
    return int(digits, base)


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise TooLarge(text)
    return value
