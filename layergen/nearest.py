"""The known name that another one is meant to be, and the question about it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

LIKENESS = 0.6
"""Of two names, from 0 to 1, from which on a message asks about one."""

ONE_SLIP = 5
TWO_SLIPS = 8
MOST_DIFFERENT = 4
"""Letters that only one of two names has, where two slips part them."""


class Nearest(Struct, frozen=True):
    """A hint that names the known word most like `word`, sought when it is shown.

    `otherwise` is the hint where none is like it.
    """

    word: str
    known: frozenset[str]
    otherwise: str = ""

    def __str__(self) -> str:
        found = closest(self.word, self.known)
        return question(found) if found else self.otherwise


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> Nearest:
    """A hint that names the known word most like `word`."""
    return Nearest(word, frozenset(known), otherwise)


def aside(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The question in brackets, to stand within a sentence that names `word`."""
    found = closest(word, known)
    return f" ({question(found)})" if found else otherwise


def question(name: str) -> str:
    """How every message asks whether a name is meant."""
    return f"did you mean `{name}`?"


def closest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or "" where none is like it.

    One that differs in case alone comes after those that are like it as they stand.
    """
    from difflib import get_close_matches

    names = sorted(set(known))
    if found := get_close_matches(word, names, 1, LIKENESS):
        return found[0]
    lowered = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), lowered, 1, LIKENESS)
    return lowered[close[0]] if close else ""


def misspelt(name: str, known: Iterable[str]) -> str:
    """The known name that `name` is most surely meant to be, or "".

    For where the answer decides whether there is a mistake at all: `GatedDense` is no
    slip of the pen for `Dense`, nor `ReGLU` for `ReLU`. A name that holds the known one
    is meant, unless all that it has more is its last letter once again, as `Densee` has; a
    short one may well be.
    """
    letters = {*name}
    for other in sorted(known):
        if name.lower() == other.lower() or name == other + other[-1]:
            return other
        if other in name or len(other) < ONE_SLIP or abs(len(name) - len(other)) > 2:
            continue
        if len(letters.symmetric_difference(other)) > MOST_DIFFERENT:
            continue
        if slips(name, other) <= (2 if len(other) >= TWO_SLIPS else 1):
            return other
    return ""


def slips(one: str, other: str) -> int:
    """How many letters to add, drop, change or swap with the next."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
