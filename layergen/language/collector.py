"""Where every reader and check puts what it finds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from layergen.invisible import printable
from layergen.nearest import Nearest
from layergen.problems import SHOWN, Place, Problem, is_warning

MAX_QUOTED = 400


Hint: TypeAlias = str | Nearest


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


def listing(names: Iterable[str]) -> str:
    """Names in backticks, for a message."""
    return ", ".join(f"`{name}`" for name in names)


def clipped(text: str, width: int = 40) -> str:
    """One line of text that a message can hold."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
