"""What is wrong with an input, as data: a place, a code, a message and a way out."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from layergen.invisible import printable

# The code of a Python file that cannot be parsed.
UNREADABLE = "LG700"

SHOWN = 100
"""How many problems a terminal shows, and how many names alike are sought for."""


def is_warning(code: str) -> bool:
    """Whether what was read is usable all the same."""
    return code.startswith("LGW")


class Place(Struct, frozen=True, order=True):
    """A position in a file; both numbers count from 1."""

    line: int
    column: int


class Problem(Struct, frozen=True, order=True):
    """One thing wrong with one place of one file.

    `code` names the kind of problem (`layergen explain CODE` describes it), `hint`
    says what to do instead, and `quoted` is the line of the file at `place`.
    """

    file: str
    place: Place
    code: str
    message: str
    hint: str = ""
    quoted: str = ""

    @property
    def is_warning(self) -> bool:
        """Whether what was read is usable all the same."""
        return is_warning(self.code)

    def __str__(self) -> str:
        where = f"{printable(self.file)}:{self.place.line}:{self.place.column}"
        head = f"{where}: {self.code} {self.message}"
        lines = [head]
        if self.quoted:
            lines += [f"    {self.quoted}", "    " + _indent_to_caret(self) + "^"]
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)


def report(problems: Iterable[Problem]) -> str:
    """The problems as text, in the order of their places: the first `SHOWN`."""
    found = sorted(problems)
    lines = [str(problem) for problem in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"... and {len(found) - SHOWN:,} more.")
    return "\n".join(lines)


class SpecError(ValueError):
    """A spec that cannot be used; `problems` holds every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(report(self.problems))


def _indent_to_caret(problem: Problem) -> str:
    before = problem.quoted[: problem.place.column - 1]
    return "".join("\t" if char == "\t" else " " for char in before)
