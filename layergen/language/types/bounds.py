"""The interval that a number must lie in."""

from __future__ import annotations

from msgspec import Struct

# How many integers are tried in an interval that lies outside the usual small ones.
TRIED = 8


class Bounds(Struct, frozen=True):
    """`min <= number <= max`, `above < number < below`; None does not bind."""

    min: int | float | None = None
    max: int | float | None = None
    above: int | float | None = None
    below: int | float | None = None

    def __bool__(self) -> bool:
        return self != Bounds()

    def admits(self, number: int | float) -> bool:
        """Whether a number lies in the interval."""
        return not self.excludes(number)

    def excludes(self, number: int | float) -> str:
        """Why a number does not lie in the interval, or ""."""
        if self.min is not None and number < self.min:
            return f"{number} is below `min`, {self.min}"
        if self.max is not None and number > self.max:
            return f"{number} is past `max`, {self.max}"
        if self.above is not None and number <= self.above:
            return f"{number} is not above {self.above}"
        if self.below is not None and number >= self.below:
            return f"{number} is not below {self.below}"
        return ""

    def inside(self) -> tuple[int, ...]:
        """Integers of the interval, from its end that is nearest to be known."""
        if self.min is not None or self.above is not None:
            start = int(self.min if self.min is not None else self.above or 0)
            tried = range(start, start + TRIED)
        else:
            end = int(self.max if self.max is not None else self.below or 0)
            tried = range(end, end - TRIED, -1)
        return tuple(number for number in tried if self.admits(number))

    def outside(self) -> list[int | float]:
        """Numbers just outside."""
        found: list[int | float] = []
        if self.min is not None:
            found.append(self.min - 1)
        if self.above is not None:
            found.append(self.above)
        if self.max is not None:
            found.append(self.max + 1)
        if self.below is not None:
            found.append(self.below)
        return found

    def holds(self, name: str) -> str:
        """The condition that a number lies in the interval, such as `0 <= rate < 1`."""
        low = f"{self.above} < " if self.above is not None else ""
        low = f"{self.min} <= " if self.min is not None else low
        high = f" < {self.below}" if self.below is not None else ""
        high = f" <= {self.max}" if self.max is not None else high
        if low and not high:
            sign = ">=" if self.min is not None else ">"
            bound = self.min if self.min is not None else self.above
            return f"{name} {sign} {bound}"
        return f"{low}{name}{high}"

    def in_words(self) -> tuple[str, str]:
        """An adjective before the noun, or a phrase after it."""
        if self == Bounds(above=0):
            return "positive", ""
        if self == Bounds(min=0):
            return "non-negative", ""
        low = self.min if self.min is not None else self.above
        high = self.max if self.max is not None else self.below
        if low is not None and high is not None:
            return "", f" in {self._interval}"
        if low is not None:
            return "", f" {'of at least' if self.min is not None else 'above'} {low}"
        if high is not None:
            return "", f" {'of at most' if self.max is not None else 'below'} {high}"
        return "", ""

    @property
    def _interval(self) -> str:
        low = f"({self.above}" if self.above is not None else f"[{self.min}"
        high = f"{self.below})" if self.below is not None else f"{self.max}]"
        return f"{low}, {high}"


def out_of_bounds(value: object, bounds: Bounds) -> str:
    """Why a value, or a number in a list, does not lie in its bounds, or ""."""
    if isinstance(value, list):
        found = (out_of_bounds(item, bounds) for item in value)
        return next(filter(None, found), "")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return bounds.excludes(value)
