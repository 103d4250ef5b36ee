"""`int` and `float`."""

from __future__ import annotations

from collections.abc import Sequence

from layergen.language.types.base import Misfit, Names, an, shown
from layergen.language.types.bounds import Bounds
from layergen.language.types.kinds.plain import Plain


class _Number(Plain, abstract=True):
    """A number, which bounds can hold for."""

    noun = ""
    accepted = ""
    is_number = True

    @property
    def takes_bounds(self) -> bool:
        return True

    def looks(self, name: str) -> str:
        return f"isinstance({name}, {self.accepted})"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        wrong = f"isinstance({name}, bool) or not isinstance({name}, {self.accepted})"
        return f"{wrong} or {self._outside(name, bounds)}" if bounds else wrong

    def _outside(self, name: str, bounds: Bounds) -> str:
        return f"not {bounds.holds(name)}"

    def _in_words(self, bounds: Bounds) -> tuple[str, str]:
        return bounds.in_words()

    def words(self, bounds: Bounds) -> str:
        adjective, phrase = self._in_words(bounds)
        return an(f"{adjective} {self.noun}".strip()) + phrase

    def plural(self, bounds: Bounds) -> str:
        adjective, phrase = self._in_words(bounds)
        return f"{adjective} {self.noun}s{phrase}".strip()


class Int(_Number):
    """`int`, which no bool is."""

    word = "int"
    alike = ("integer",)
    noun = "integer"
    accepted = "int"
    is_size = True

    def fitted(self, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Misfit(f"{shown(value)} is no {self}")
        return value

    def _outside(self, name: str, bounds: Bounds) -> str:
        """For integers `<` is the opposite of `>=`, which it is not for a NaN."""
        alone = bounds == Bounds(min=bounds.min)
        return f"{name} < {bounds.min}" if alone else super()._outside(name, bounds)

    def _in_words(self, bounds: Bounds) -> tuple[str, str]:
        return ("positive", "") if bounds == Bounds(min=1) else bounds.in_words()

    def example(self, bounds: Bounds) -> object:
        return next((n for n in (1, *bounds.inside()) if bounds.admits(n)), None)

    def examples(self, bounds: Bounds, count: int = 1) -> Sequence[object]:
        tried = dict.fromkeys((4, 6, *bounds.inside()))
        return [n for n in tried if bounds.admits(n)][: max(count, 2)]

    def wrong_values(self, bounds: Bounds) -> list[object]:
        outside = [0, -1] if bounds.min == 1 else bounds.outside()
        return [*outside, 2.5, "7", True]


class Float(_Number):
    """`float`, which an int is and no bool."""

    word = "float"
    alike = ("number", "double")
    noun = "number"
    accepted = "(int, float)"

    def fitted(self, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Misfit(f"{shown(value)} is no {self}")
        return value

    def example(self, bounds: Bounds) -> object:
        return next(iter(self.examples(bounds)), None)

    def examples(self, bounds: Bounds, count: int = 1) -> Sequence[object]:
        tried = (0.5, 1.5, 0.25, 3.0, -0.5, *map(float, bounds.inside()))
        found = dict.fromkeys(number for number in tried if bounds.admits(number))
        return [*found][: max(count, 1)]

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return [*bounds.outside(), "0.5", True]
