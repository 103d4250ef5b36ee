"""Python code that knows what it reads, so that nobody has to look for it in the text."""

from __future__ import annotations

from collections.abc import Iterable


class Written(str):
    """Python code, with the names from outside that it reads as far as they matter.

    Those are the modules and imported names that it is made with, and the names of the spec
    that it reads as they are. Code that is put together says what it is made of:
    `Written(f"ops.cast({x}, {dtype})", x, reads=["ops"])` reads what `x` reads, and `ops`.
    """

    reads: frozenset[str]

    def __new__(cls, code: str, *parts: object, reads: Iterable[str] = ()) -> Written:
        made = super().__new__(cls, code)
        made.reads = frozenset(reads).union(*map(reads_of, parts))
        return made


def named(name: str) -> Written:
    """What a name stands for."""
    return Written(name, reads=[name])


def reads_of(value: object) -> frozenset[str]:
    """The names from outside that code reads, or the code in a value."""
    match value:
        case Written():
            return value.reads
        case dict():
            return reads_of([*value.keys(), *value.values()])
        case list() | tuple():
            return frozenset().union(*map(reads_of, value))
    return frozenset()
