"""Where every reader and check puts what it finds."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from layergen.invisible import printable
from layergen.problems import SHOWN, Place, Problem, is_warning

MAX_QUOTED = 400


@dataclass(frozen=True)
class Nearest:
    """A hint that names the known word most like `word`, sought when it is shown.

    `otherwise` is the hint where none is like it.
    """

    word: str
    known: frozenset[str]
    otherwise: str = ""

    def __str__(self) -> str:
        found = closest(self.word, self.known)
        return f"did you mean `{found}`?" if found else self.otherwise


Hint: TypeAlias = str | Nearest


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> Nearest:
    """A hint that names the known word most like `word`."""
    return Nearest(word, frozenset(known), otherwise)


class Collector:
    """The problems of one file, each made with the line that it stands on."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.found: dict[tuple[Place, str, str], Hint] = {}

    def add(self, code: str, place: Place, message: str, hint: Hint = "") -> None:
        """Record a problem; the same one twice counts once."""
        self.found.setdefault((self.folded(place), code, printable(message)), hint)

    def folded(self, place: Place) -> Place:
        """The place itself, or where it is when YAML has joined several lines into one.

        Joining puts one space in place of a line break and the indentation after it.
        """
        line, column = place.line, place.column
        while line < len(self.lines) and column > len(self.lines[line - 1]) + 1:
            column -= len(self.lines[line - 1].rstrip()) + 1
            line += 1
            column += _indent(self.lines[line - 1])
        if line <= len(self.lines):
            column = min(column, len(self.lines[line - 1]) + 1)
        return Place(line, column)

    @property
    def failed(self) -> bool:
        """Whether anything but warnings was found."""
        return any(not is_warning(code) for _, code, _ in self.found)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems by their places; names are sought for the first `SHOWN` alone."""
        return tuple(
            Problem(
                self.file,
                place,
                code,
                message,
                self._hint(hint, number < SHOWN),
                self._quoted(place),
            )
            for number, ((place, code, message), hint) in enumerate(
                sorted(self.found.items(), key=lambda item: item[0])
            )
        )

    def _hint(self, hint: Hint, is_shown: bool) -> str:
        if isinstance(hint, Nearest) and not is_shown:
            return hint.otherwise
        return printable(str(hint))

    def _quoted(self, place: Place) -> str:
        """The line at a place, unless it is too long to show."""
        line = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        return printable(line) if len(line) <= MAX_QUOTED else ""


def closest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or "" where none is like it."""
    names = sorted(set(known))
    found = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if not found:
        lowered = {name.lower(): name for name in names}
        close = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
        found = [lowered[name] for name in close]
    return found[0] if found else ""


def listing(names: Iterable[str]) -> str:
    """Names in backticks, for a message."""
    return ", ".join(f"`{name}`" for name in names)


def clipped(text: str, width: int = 40) -> str:
    """One line of text that a message can hold."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
