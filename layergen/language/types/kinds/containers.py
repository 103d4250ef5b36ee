"""`list[T]`, `dict` and `Shape`, each kept as a copy."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import Self

from layergen.language.types.base import (
    TYPES,
    BadAnnotation,
    Misfit,
    Names,
    ReadType,
    Type,
    offset,
    shown,
)
from layergen.language.types.bounds import Bounds
from layergen.language.types.kinds.numbers import Int
from layergen.language.types.kinds.plain import Plain
from layergen.language.types.length import Length

ANY_LENGTH = Length()


class _Copied(Plain, abstract=True):
    """What the constructor copies, so that what the caller does to theirs changes nothing.

    `maker` is the builtin that copies it; a tuple needs no copy in the config.
    """

    maker = ""

    def kept(self, name: str) -> str:
        copied = f"{self.maker}({name})"
        return f"None if {name} is None else {copied}" if self.optional else copied

    def config(self, name: str) -> str:
        return self.kept(name)


def _wrong_items(
    item: Type, name: str, bounds: Bounds, names: Names, length: Length = ANY_LENGTH
) -> str:
    """The condition that something is no list, or that an item of it is wrong."""
    each = names.fresh("item" if name == "value" else "value")
    wrong = item.refuses(each, bounds, names.beside([each]))
    conditions = [
        f"not isinstance({name}, (list, tuple))",
        length.wrong(name),
        f"any({wrong} for {each} in {name})" if wrong else "",
    ]
    return " or ".join(filter(None, conditions))


def _wrong_lists(
    item: Type, bounds: Bounds, length: Length = ANY_LENGTH
) -> list[object]:
    """Values that are no list, lists of wrong items, and lists too short or too long."""
    count = max(1, length.min)
    found: list[object] = [7, *([value] * count for value in item.refused(bounds))]
    right = [*item.examples(bounds, length.min)]
    if right and length.min:
        found.append(Length(length.min - 1, length.min - 1).filled(right))
    if right and length.max is not None:
        found.append(Length(length.max + 1, length.max + 1).filled(right))
    return found


@dataclass(frozen=True)
class List(_Copied):
    """`list[T]`, which a tuple is as well."""

    word = "list"
    alike = ("List",)
    maker = "list"
    item: Type = Int()
    length: Length = ANY_LENGTH

    @classmethod
    def parse(cls, inner: ast.expr | None, tree: ast.expr, read: ReadType) -> Self:
        if inner is None:
            message = "`list` needs to say of what"
            raise BadAnnotation(message, offset(tree), "as in `list[int]`")
        item = read(inner)
        if not item.is_item:
            message = f"a list of `{item.word}` is not possible"
            known = [word for word, one in TYPES.items() if one.is_item]
            *first, last = sorted(known, key=str.lower)
            hint = f"items are {', '.join(first)} or {last}"
            raise BadAnnotation(message, offset(inner), hint)
        return cls(item)

    @property
    def bare(self) -> str:
        return f"list[{self.item}]"

    @property
    def takes_bounds(self) -> bool:
        return self.item.takes_bounds

    @property
    def counts(self) -> bool:
        return self.item.is_size

    def fitted(self, value: object) -> object:
        if not isinstance(value, list):
            raise Misfit(f"{shown(value)} is no {self}")
        if not self.length.admits(len(value)):
            raise Misfit(f"{shown(value)} is not {self.length.of('items')}")
        return [self.item.held(entry) for entry in value]

    def of_length(self, length: Length) -> List:
        return replace(self, length=length)

    def looks(self, name: str) -> str:
        return f"isinstance({name}, (list, tuple))"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return _wrong_items(self.item, name, bounds, names, self.length)

    @property
    def is_sized(self) -> bool:
        return self.length != ANY_LENGTH

    @property
    def count(self) -> int | None:
        return self.length.exact

    def words(self, bounds: Bounds) -> str:
        if self.length.exact == 1:
            return f"a list of one item, {self.item.allowed(bounds)}"
        none = " or None" if self.item.optional else ""
        return self.length.of(self.item.plural(bounds) + none)

    def plural(self, bounds: Bounds) -> str:
        return f"lists of {self.item.plural(bounds)}"

    def example(self, bounds: Bounds) -> object:
        count = self.length.min
        return self.length.filled([*self.item.examples(bounds, count)]) or None

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return _wrong_lists(self.item, bounds, self.length)


class Dict(_Copied):
    """`dict`."""

    word = "dict"
    alike = ("Dict",)
    maker = "dict"
    is_item = False

    def fitted(self, value: object) -> object:
        if not isinstance(value, dict):
            raise Misfit(f"{shown(value)} is no {self}")
        return value

    def looks(self, name: str) -> str:
        return f"isinstance({name}, dict)"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return f"not isinstance({name}, dict)"

    def words(self, bounds: Bounds) -> str:
        return "a dictionary"

    def example(self, bounds: Bounds) -> object:
        return {}

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return [7, "text"]


@dataclass(frozen=True)
class Shape(_Copied):
    """`Shape`: a tuple of ints, or with `Shape[int | None]` of sizes that may be None."""

    word = "Shape"
    alike = ("tuple", "Tuple", "shape")
    maker = "tuple"
    is_item = False
    size: Int = Int()

    @classmethod
    def parse(cls, inner: ast.expr | None, tree: ast.expr, read: ReadType) -> Self:
        if inner is None:
            return cls()
        size = read(inner)
        if isinstance(size, Int):
            return cls(size)
        message = f"a Shape of `{size}` is not possible"
        raise BadAnnotation(message, offset(inner), "write `Shape[int | None]`")

    @property
    def bare(self) -> str:
        return "Shape[int | None]" if self.size.optional else "Shape"

    def fitted(self, value: object) -> object:
        if not isinstance(value, (list, tuple)):
            raise Misfit(f"{shown(value)} is no {self}")
        if all(self._is_size(size) for size in value):
            return tuple(value)
        allowed = "sizes are ints of at least 0"
        if None in value and not self.size.optional:
            allowed += "; `Shape[int | None]` has None among them"
        raise Misfit(f"{shown(value)} is no {self}", allowed)

    def _is_size(self, size: object) -> bool:
        return self.size.optional if size is None else type(size) is int and size >= 0

    def looks(self, name: str) -> str:
        return f"isinstance({name}, (list, tuple))"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return _wrong_items(self.size, name, bounds, names)

    def words(self, bounds: Bounds) -> str:
        return f"a tuple of integers{' or None' if self.size.optional else ''}"

    def config(self, name: str) -> str:
        return name

    def example(self, bounds: Bounds) -> object:
        return (4, None) if self.size.optional else (4, 6)

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return _wrong_lists(self.size, bounds)
