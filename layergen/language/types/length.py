"""How many items a list has."""

from __future__ import annotations

from msgspec import Struct


class Length(Struct, frozen=True):
    """`min <= len(list) <= max`; without `max` there is no end."""

    min: int = 0
    max: int | None = None

    @property
    def exact(self) -> int | None:
        """The number, where there is only one."""
        return self.min if self.min == self.max else None

    def admits(self, count: int) -> bool:
        """Whether a list may have so many items."""
        return self.min <= count and (self.max is None or count <= self.max)

    def wrong(self, name: str) -> str:
        """The condition under which a list has too few or too many items, or ""."""
        if self.exact is not None:
            return f"len({name}) != {self.exact}"
        if self.max is None:
            few = f"len({name}) < {self.min}" if self.min > 1 else f"not {name}"
            return few if self.min else ""
        if not self.min:
            return f"len({name}) > {self.max}"
        return f"not {self.min} <= len({name}) <= {self.max}"

    def of(self, items: str) -> str:
        """What a list of some items must be."""
        if self.exact is not None:
            return f"a list of {self.exact} {items}"
        if self.max is None:
            if self.min <= 1:
                return f"a {'non-empty ' if self.min else ''}list of {items}"
            return f"a list of at least {self.min} {items}"
        if not self.min:
            return f"a list of at most {self.max} {items}"
        return f"a list of {self.min} to {self.max} {items}"

    def filled(self, items: list[object]) -> list[object]:
        """Some items, so often or so few of them that a list may have them."""
        wanted = max(len(items), self.min)
        wanted = wanted if self.max is None else min(wanted, self.max)
        return [items[index % len(items)] for index in range(wanted)] if items else []
