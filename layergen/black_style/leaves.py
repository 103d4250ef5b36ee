"""Tokens as Black sees them: what they are, and how gladly it splits a line at them."""

from __future__ import annotations

COMPREHENSION, COMMA, TERNARY, LOGIC, STRING, COMPARATOR, DOT = (
    20,
    18,
    16,
    14,
    12,
    10,
    1,
)
MATH = {"|": 9, "^": 8, "&": 7, "<<": 6, ">>": 6, "+": 5, "-": 5}
MATH |= dict.fromkeys(("*", "/", "//", "%", "@"), 4) | {"**": 2}


class Unsure(Exception):
    """What Black would do with a text is not known here."""


class Leaf:
    """A token: `priority` is that of a split before it, or after it for a comma.

    Of an opening bracket, `atom` says that it begins a value, not a call or an index; a
    closing one knows its `opening`, and whether a trailing comma before it is magic.
    The classes here are plain, since dataclasses take milliseconds to make.
    """

    depth = 0
    magic = False
    hugs = False

    def __init__(
        self,
        kind: str,
        text: str,
        *,
        space: bool = False,
        priority: int = 0,
        atom: bool = False,
        opening: Leaf | None = None,
    ) -> None:
        self.kind = kind
        self.text = text
        self.space = space
        self.priority = priority
        self.atom = atom
        self.opening = opening

    @property
    def width(self) -> int:
        return self.space + len(self.text)
