"""Docstrings as Black indents and trims them."""

from __future__ import annotations

import re

from layergen.black_style.leaves import Unsure
from layergen.black_style.strings import CASED

DOCSTRING = re.compile(r'"""((?:[^"\\]|\\[^\n]|"(?!""))*)""" *\n')


def docstring(text: str, at: int, indent: str, width: int) -> tuple[str, int]:
    """The docstring that begins at an offset, and where the next line begins."""
    match = DOCSTRING.match(text, at)
    if not match or CASED.search(match[1]) or re.search(r"\\\s*\n", match[1]):
        raise Unsure
    first, *rest = match[1].split("\n")
    first = first.strip()
    if rest:
        first = "\n".join([first, *_indented(rest, indent)])
    slashes = len(first) - len(first.rstrip("\\"))
    if not first or first[0] == '"' or slashes % 2:
        raise Unsure
    if first[-1] == '"':
        first += " "
    last = first.rpartition("\n")[2]
    if rest and last.strip() and len(last) + 3 > width:
        raise Unsure
    return f'"""{first}"""', match.end()


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
