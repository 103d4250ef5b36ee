"""`int | Tensor`: a number, or a tensor that holds one, given anew with each call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from layergen.language.types.base import (
    BadAnnotation,
    Names,
    ReadType,
    Site,
    Type,
    an,
    offset,
)
from layergen.language.types.bounds import Bounds
from layergen.language.types.kinds.numbers import Float, Int
from layergen.language.types.kinds.plain import Plain
from layergen.source.literals import literal
from layergen.source.statements import Assign, Branch, Statement
from layergen.source.written import Written


@dataclass(frozen=True)
class Scalar(Plain):
    """A number or a scalar tensor: code reads a tensor, so that one graph serves all values.

    NumPy's numbers come as tensors, which Keras makes of them.
    """

    word = "Tensor"
    is_item = False
    is_tensor = True
    in_args = False
    number: Type = Int()  # noqa: RUF009

    KINDS: ClassVar = {"int": "integers", "float": "numbers"}

    @classmethod
    def parse(cls, inner: ast.expr | None, tree: ast.expr, read: ReadType) -> Self:
        hint = (
            "declare it under `inputs`; `int | Tensor` is a number or a scalar tensor"
        )
        raise BadAnnotation("a `Tensor` alone is an input", offset(tree), hint)

    @classmethod
    def beside(cls, types: Sequence[Type], at: ast.expr) -> Self:
        """The type of a tensor beside others.

        Raises:
            BadAnnotation: If it is anything but one type of numbers.
        """
        if len(types) == 1 and isinstance(types[0], (Int, Float)):
            return cls(types[0])
        hint = "`int | Tensor` or `float | Tensor` is a number or a scalar tensor"
        message = "a `Tensor` stands beside one type of numbers"
        raise BadAnnotation(message, offset(at), hint)

    @property
    def bare(self) -> str:
        return f"{self.number.bare} | Tensor"

    @property
    def dtype(self) -> str | None:
        """The dtype in which code reads it, None for the compute dtype."""
        return "int32" if isinstance(self.number, Int) else None

    @property
    def takes_bounds(self) -> bool:
        return True

    def fitted(self, value: object) -> object:
        return self.number.fitted(value)

    # In `call`

    @property
    def is_assigned(self) -> bool:
        return True

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        kinds = "int", "float"
        held = [f"keras.backend.is_{kind}_dtype({name}.dtype)" for kind in kinds]
        held = held[:1] if self.dtype else held
        among = f"not {held[0]}" if len(held) == 1 else f"not ({' or '.join(held)})"
        tensor = f"not ops.is_tensor({name}) or len({name}.shape) != 0 or {among}"
        return f"({self.number.wrong(name, bounds, names)}) and ({tensor})"

    def checks(self, site: Site) -> Iterator[Statement]:
        yield from super().checks(site)
        yield from self.assigned(site.name)

    def assigned(self, name: str) -> Iterator[Statement]:
        dtype = literal(self.dtype) if self.dtype else "self.compute_dtype"
        made = Written(f"ops.convert_to_tensor({name}, {dtype})", reads=["ops"])
        held = Assign(name, made)
        yield Branch(f"{name} is not None", (held,)) if self.optional else held

    def allowed(self, bounds: Bounds) -> str:
        if not self.optional:
            return self.words(bounds)
        return f"{self.number.words(bounds)}, {an(self._tensor)} or None"

    def words(self, bounds: Bounds) -> str:
        return f"{self.number.words(bounds)} or {an(self._tensor)}"

    def described(self, site: Site) -> str:
        rest = (
            f", or {self._tensor}, or `None`"
            if self.optional
            else f" or {self._tensor}"
        )
        return self.number.described(site) + rest

    @property
    def _tensor(self) -> str:
        return f"scalar tensor of {self.KINDS[self.number.word]}"

    # In the test

    def example(self, bounds: Bounds) -> object:
        return self.number.example(bounds)

    def examples(self, bounds: Bounds, count: int = 1) -> Sequence[object]:
        """Small ones: what is indexed by them is small too."""
        near = (1, 2, 0) if self.dtype else (0.5, 0.25, 1.5)
        return [n for n in near if bounds.admits(n)] or [*super().examples(bounds)]

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return self.number.wrong_values(bounds)
