"""What an explanation of a problem code holds."""

from __future__ import annotations

from msgspec import Struct


class Explanation(Struct, frozen=True):
    """A problem code. `bad` and `good` are whole files: the first has just this problem."""

    code: str
    title: str
    meaning: str
    bad: str
    good: str
