"""Docstrings as Black indents and trims them."""

from __future__ import annotations

import re

from layergen.black_style.leaves import Unsure
from layergen.black_style.strings import CASED

DOCSTRING = re.compile(r'"""((?:[^"\\]|\\[^\n]|"(?!""))*)""" *\n')

# A line break that is no part of the value: Black leaves such docstrings as they are.
CONTINUED = re.compile(r"\\\s*\n")


def docstring(text: str, at: int, indent: str, width: int) -> tuple[str, int]:
    """The docstring that begins at an offset, and where the next line begins."""
    match = DOCSTRING.match(text, at)
    if not match or CASED.search(match[1]):
        raise Unsure
    if CONTINUED.search(match[1]):
        return f'"""{match[1]}"""', match.end()
    first, *rest = match[1].split("\n")
    value = first.strip()
    if rest:
        value = "\n".join([value, *_indented(rest, indent)])
    if not value:
        raise Unsure
    if value[0] == '"':
        value = " " + value
    slashes = len(value) - len(value.rstrip("\\"))
    if value[-1] == '"' or slashes % 2:
        value += " "
    last = value.rpartition("\n")[2]
    if rest and last.strip() and len(last) + 3 > width:
        raise Unsure
    return f'"""{value}"""', match.end()


def _indented(lines: list[str], indent: str) -> list[str]:
    """The lines after the first, moved so that the least indented begins at `indent`."""
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise Unsure
    least = min(len(line) - len(line.lstrip()) for line in filled)
    moved = [line[least:].rstrip() for line in lines]
    return [
        indent + line if line or index == len(moved) - 1 else ""
        for index, line in enumerate(moved)
    ]
