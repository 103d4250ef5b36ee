"""A case that the emitted test tries a layer with, as data."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from layergen.example.values import Named
from layergen.source.literals import literal
from layergen.source.written import Written, reads_of


class Given(Struct, frozen=True):
    """What a case gives for an input: a tensor, or a list of `count` of them.

    `low` and `high` are the least and the greatest of its values, None where any will do.
    """

    shape: tuple[int, ...]
    dtype: str | None
    low: Any
    high: Any
    count: int | None

    @property
    def value(self) -> object:
        """A shape, or an `Input` of it where dtype or range are stated."""
        stated = {"min": self.low, "max": self.high}
        parts = [
            f"{name}={literal(value)}"
            for name, value in stated.items()
            if value is not None
        ]
        if self.dtype:
            parts.insert(0, literal(self.dtype))
        code = f"Input({', '.join([literal(self.shape), *parts])})"
        one = Written(code, reads=["Input"]) if parts else self.shape
        return one if self.count is None else [one] * self.count


class Case(Struct, frozen=True):
    """One `LayerCase`: a layer's arguments, what it is called on, and keyword arguments.

    An input that is left out is given None.
    """

    args: tuple[Named, ...]
    given: tuple[tuple[str, Given | None], ...]
    options: tuple[Named, ...]

    @property
    def inputs(self) -> tuple[Named, ...]:
        """What the case says of each input."""
        return tuple((name, one and one.value) for name, one in self.given)

    @property
    def reads(self) -> frozenset[str]:
        """The names from outside that the case reads."""
        return reads_of([self.args, self.inputs, self.options])
