"""The axes of tensors, as the user wrote them.

`str` of a `Size` or a `Shape` gives back its text in the spec's grammar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from layergen.problems import Place
from layergen.source.code import Size


@dataclass(frozen=True)
class Rest:
    """`...` or `...name`: any number of axes."""

    name: str | None = None

    def __str__(self) -> str:
        return "..." + (self.name or "")


@dataclass(frozen=True)
class Anyone:
    """`_`: an axis that nobody names."""

    def __str__(self) -> str:
        return "_"


@dataclass(frozen=True)
class Member(Size):
    """An item of a list that is an argument, where `...kernel_size` stands for them all.

    `text` is `kernel_size[1]`.
    """

    of: str = ""
    index: int = 0

    @classmethod
    def every(cls, name: str, count: int, place: Place) -> tuple[Member, ...]:
        """The items of a list of a fixed length."""
        return tuple(cls(f"{name}[{i}]", place, name, i) for i in range(count))


@dataclass(frozen=True)
class Along:
    """The axes of the first input that an argument chooses."""

    argument: str

    def __str__(self) -> str:
        return f"along {self.argument}"


Dim = Size | Rest | Anyone | Along


@dataclass(frozen=True)
class Shape:
    """The axes of a tensor; `dims` is None for the word `any`."""

    dims: tuple[Dim, ...] | None
    place: Place = field(compare=False)

    @property
    def is_stated(self) -> bool:
        """Whether every axis is said."""
        dims = self.dims
        return dims is not None and not any(isinstance(dim, Anyone) for dim in dims)

    @cached_property
    def rest(self) -> int | None:
        """The index in `dims` of `...`, if there is one."""
        for index, dim in enumerate(self.dims or ()):
            if isinstance(dim, Rest):
                return index
        return None

    @cached_property
    def axes(self) -> tuple[tuple[int, Dim], ...]:
        """The axes that are no `...`, each with its position.

        A position counts from the front before `...` and from the back (negative)
        after it.
        """
        dims, rest = self.dims or (), self.rest
        return tuple(
            (i if rest is None or i < rest else i - len(dims), dim)
            for i, dim in enumerate(dims)
            if i != rest
        )

    @cached_property
    def written(self) -> tuple[Dim, ...]:
        """The dimensions as the spec has them: one for all items of a list."""
        found = dict.fromkeys(
            Rest(dim.of) if isinstance(dim, Member) else index
            for index, dim in enumerate(self.dims or ())
        )
        dims = self.dims or ()
        return tuple(dims[one] if isinstance(one, int) else one for one in found)

    def __str__(self) -> str:
        if self.dims is None:
            return "any"
        return f"[{', '.join(map(str, self.written))}]"
