"""The one maker of names: what generated code calls what the user did not name."""

from __future__ import annotations

import keyword
from collections.abc import Iterable

from msgspec import Struct


class Scope(Struct, frozen=True):
    """A place where generated code stands beside what the user wrote.

    `taken` are the names that mean something there. The same wish gets the same name
    every time, so that whoever reads a made name finds what another has written.
    """

    taken: frozenset[str]

    @classmethod
    def of(cls, *groups: Iterable[str]) -> Scope:
        """The scope in which all of some names are taken."""
        return cls(frozenset().union(*groups))

    def beside(self, names: Iterable[str]) -> Scope:
        """This scope with more names in it."""
        return Scope(self.taken | frozenset(names))

    def fresh(self, name: str) -> str:
        """`name` where it is free, else the first of `name_1`, `name_2`, ... that is."""
        found, count = name, 0
        while found in self.taken or keyword.iskeyword(found):
            count += 1
            found = f"{name}_{count}"
        return found
