"""Names that are another one misspelt, rather than names of their own."""

from __future__ import annotations

from collections.abc import Iterable

ONE_SLIP = 5
TWO_SLIPS = 8
MOST_DIFFERENT = 4
"""Letters that only one of two names has, where two slips part them."""


def misspelt(name: str, known: Iterable[str]) -> str:
    """The known name that `name` is most surely meant to be, or "".

    `GatedDense` is no slip of the pen for `Dense`, nor `ReGLU` for `ReLU`: a name that
    holds the known one is meant, and a short one may well be.
    """
    letters = {*name}
    for other in sorted(known):
        if name.lower() == other.lower():
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
