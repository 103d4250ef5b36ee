"""`int | list[int]`: one of several types, tried in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from layergen.language.types.base import Misfit, Names, Site, Type, shown
from layergen.language.types.bounds import Bounds
from layergen.language.types.kinds.containers import List
from layergen.language.types.kinds.plain import Plain
from layergen.language.types.length import Length
from layergen.source.statements import Assign, Branch, Check, Statement
from layergen.source.written import Written

LAYER = Written("keras.layers.LayerNormalization()", reads=["keras"])
"""A layer to try where others than layers may stand: it leaves shapes as they are."""


@dataclass(frozen=True)
class Union(Plain, abstract=True):
    """One of several types. NumPy's numbers count as those of Python.

    Beside a list of a fixed length, a value of its items' type stands for as many of it.
    """

    word = "|"
    is_item = False
    types: tuple[Type, ...] = ()

    def __post_init__(self) -> None:
        """What holds of one of the types holds of all of them together."""
        for fact in ("is_layer", "is_read_looked_up", "looked_up", "restored"):
            object.__setattr__(
                self, fact, any(getattr(one, fact) for one in self.types)
            )
        object.__setattr__(self, "in_call", all(one.in_call for one in self.types))

    @property
    def bare(self) -> str:
        return " | ".join(map(str, self.types))

    @property
    def _list(self) -> List | None:
        """The list among the types."""
        return next((one for one in self.types if isinstance(one, List)), None)

    @property
    def repeated(self) -> Type | None:
        """The type whose values stand for a list of them."""
        lists = self._list
        if lists is None or lists.count is None:
            return None
        return next((one for one in self.types if one == lists.item), None)

    # Reading

    def _of(self, value: object) -> Type | None:
        """The first type that a value fits."""
        for one in self.types:
            try:
                one.fitted(value)
            except Misfit:
                continue
            return one
        return None

    def fitted(self, value: object) -> object:
        found = self._of(value)
        if found is not None:
            return found.fitted(value)
        raise Misfit(f"{shown(value)} is no {self}")

    @property
    def counts(self) -> bool:
        return any(one.counts for one in self.types)

    @property
    def takes_bounds(self) -> bool:
        return any(one.takes_bounds for one in self.types)

    def outside(self, value: object, bounds: Bounds) -> str:
        found = self._of(value)
        plain = found is None or not found.takes_bounds
        return "" if plain else super().outside(value, bounds)

    def of_length(self, length: Length) -> Union | None:
        lists = self._list
        if lists is None:
            return None
        sized = lists.of_length(length)
        return replace(
            self, types=tuple(sized if o is lists else o for o in self.types)
        )

    @property
    def is_sized(self) -> bool:
        return True

    @property
    def count(self) -> int | None:
        alone = self.repeated is not None and len(self.types) == 2
        return self._list.count if alone and self._list else None

    def used(self, value: object) -> object:
        lists, found = self._list, self._of(value)
        if found is None or found is not self.repeated or lists is None:
            return tuple(value) if self.repeated and isinstance(value, list) else value
        return (value,) * (lists.count or 1)

    # In the constructor and the config

    @property
    def is_assigned(self) -> bool:
        return self.takes_bounds

    def checks(self, site: Site) -> Iterator[Statement]:
        name = site.name
        if self.takes_bounds:
            leaf = site.names.beside([name]).fresh("value")
            plain = f"{leaf}.tolist() if isinstance({leaf}, (np.generic, np.ndarray))"
            taken = (
                f"keras.tree.map_structure(lambda {leaf}: {plain} else {leaf}, {name})"
            )
            yield Assign(name, Written(taken, reads=["keras", "np"]))
        wrong = self.refuses(name, site.bounds, site.names)
        if wrong:
            yield Check(wrong, self.refusal(site))
        yield from self.assigned(name)

    def assigned(self, name: str) -> Iterator[Statement]:
        lists, one = self._list, self.repeated
        if lists is None or one is None:
            return
        filled = Assign(name, f"({name},) * {lists.count}")
        listed = Assign(name, f"tuple({name})")
        if self.count is not None:
            branch = Branch(lists.looks(name), (listed,), (filled,))
            yield Branch(f"{name} is not None", (branch,)) if self.optional else branch
        else:
            yield Branch(lists.looks(name), (listed,))
            yield Branch(one.looks(name), (filled,))

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        if self.looked_up:  # Keras says what is wrong, but for None.
            return "" if self.optional else f"{name} is None"
        found = [one.wrong(name, bounds, names) for one in self.types]
        return " and ".join(f"({one})" if " or " in one else one for one in found)

    def words(self, bounds: Bounds) -> str:
        words = [one.words(bounds).removeprefix("one of ") for one in self.types]
        return f"{', '.join(words[:-1])} or {words[-1]}"

    def looks(self, name: str) -> str:
        return " or ".join(one.looks(name) for one in self.types)

    def kept(self, name: str) -> str:
        return name if self.repeated else self._each(name, lambda one: one.kept(name))

    def config(self, name: str) -> str:
        return name if self.repeated else self._each(name, lambda one: one.config(name))

    def _each(self, name: str, text: Callable[[Type], str]) -> str:
        """What is written for a value, by the type that it is of."""
        rest = next((text(one) for one in self.types if one.looked_up), name)
        texts = [(one.looks(name), text(one)) for one in self.types]
        different = [(looks, written) for looks, written in texts if written != rest]
        parts = [
            f"{written} if {' or '.join(looks for looks, _ in several)} else "
            for written, several in groupby(different, key=lambda pair: pair[1])
        ]
        return Written("".join(parts) + rest, rest, *(one for _, one in different))

    # In the test

    def example(self, bounds: Bounds) -> object:
        found = (one.example(bounds) for one in self.types)
        return next((one for one in found if one is not None), None)

    def varied(self, bounds: Bounds) -> Sequence[object]:
        return [value for one in self.types for value in one.varied(bounds)]

    def members(self, value: object, bounds: Bounds) -> Sequence[object]:
        shown_by = self._of(value)
        others = (one.example(bounds) for one in self.types if one is not shown_by)
        made = [LAYER for one in self.types if one.is_layer and one is not shown_by]
        return [*(one for one in others if one is not None), *made]

    def wrong_values(self, bounds: Bounds) -> list[object]:
        found = [value for one in self.types for value in one.wrong_values(bounds)]
        return (
            []
            if self.looked_up
            else [value for value in found if self._refuses(value, bounds)]
        )

    def _refuses(self, value: object, bounds: Bounds) -> bool:
        """Whether no type takes a value."""
        for one in self.types:
            if one.takes(value, bounds if one.takes_bounds else Bounds()):
                return False
        return True
