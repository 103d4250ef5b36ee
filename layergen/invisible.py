"""Characters that nobody sees: they hide text, or show it in another order than it has.

The table holds Unicode's direction controls, its other format characters without a shape
of their own, and the rest of what it lets programs leave out when they show text
(Default_Ignorable_Code_Point). Spaces and Arabic number signs are seen, and are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

DIRECTION, HIDDEN, JOINING = "direction control", "invisible character", "joiner"

TABLE: tuple[tuple[int, int, str], ...] = (
    (0x00AD, 0x00AD, HIDDEN),  # soft hyphen
    (0x034F, 0x034F, HIDDEN),  # combining grapheme joiner, which joins nothing
    (0x061C, 0x061C, DIRECTION),  # Arabic letter mark
    (0x115F, 0x1160, HIDDEN),  # Hangul fillers, which Python takes for letters
    (0x17B4, 0x17B5, HIDDEN),  # Khmer vowels that Unicode advises against
    (0x180B, 0x180D, JOINING),  # Mongolian variation selectors
    (0x180E, 0x180E, HIDDEN),  # Mongolian vowel separator
    (0x180F, 0x180F, JOINING),  # Mongolian variation selector
    (0x200B, 0x200B, HIDDEN),  # zero width space
    (0x200C, 0x200D, JOINING),  # zero width non-joiner and joiner: scripts, emoji
    (0x200E, 0x200F, DIRECTION),  # marks
    (0x202A, 0x202E, DIRECTION),  # embeddings and overrides
    (0x2060, 0x2065, HIDDEN),  # word joiner, operators that are not shown
    (0x2066, 0x2069, DIRECTION),  # isolates
    (0x206A, 0x206F, HIDDEN),  # format characters that Unicode has given up
    (0x3164, 0x3164, HIDDEN),  # Hangul filler, a letter to Python
    (0xFE00, 0xFE0F, JOINING),  # variation selectors: emoji, ideographs
    (0xFEFF, 0xFEFF, HIDDEN),  # byte order mark, zero width no-break space
    (0xFFA0, 0xFFA0, HIDDEN),  # half-width Hangul filler, a letter to Python
    (0xFFF0, 0xFFFB, HIDDEN),  # annotations between the lines
    (0x1BCA0, 0x1BCA3, HIDDEN),  # shorthand format controls
    (0x1D173, 0x1D17A, HIDDEN),  # musical format controls
    (0xE0000, 0xE00FF, HIDDEN),  # tags, in which whole texts can hide
    (0xE0100, 0xE01EF, JOINING),  # variation selectors of ideographs
    (0xE01F0, 0xE0FFF, HIDDEN),  # unassigned, but never shown
)
"""Ranges, each with what is said of it. What joins is needed where people write prose:
there it shapes letters and emoji that are seen."""


def _class(holds: Callable[[str], bool]) -> str:
    """The inside of a regular expression's class of the kinds that `holds` picks."""
    return "".join(
        f"{chr(first)}-{chr(last)}" for first, last, kind in TABLE if holds(kind)
    )


ANYWHERE = re.compile(f"[{_class(lambda kind: kind != JOINING)}]")
"""Characters that stand in no part of a spec."""
OUTSIDE_PROSE = re.compile(f"[{_class(lambda kind: True)}]")
"""Characters that stand in no part but prose."""

CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")


def printable(text: str) -> str:
    """`text` without characters that would confuse a terminal, equally long."""
    return OUTSIDE_PROSE.sub("\ufffd", CONTROL.sub("\ufffd", text))


def described(char: str) -> str:
    """A character of the table in words, such as `the direction control U+202E`."""
    number = ord(char)
    kind = next(kind for first, last, kind in TABLE if first <= number <= last)
    noun = HIDDEN if kind == JOINING else kind
    return f"the {noun} U+{number:04X}"
