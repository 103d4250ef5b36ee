"""`list[T]`, `dict` and `Shape`, each kept as a copy."""

from __future__ import annotations

import ast
from dataclasses import dataclass
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


def _wrong_items(item: Type, name: str, bounds: Bounds, names: Names) -> str:
    """The condition that something is no list, or that an item of it is wrong."""
    each = names.fresh("item" if name == "value" else "value")
    wrong = item.refuses(each, bounds, names.beside([each]))
    listed = f"not isinstance({name}, (list, tuple))"
    return f"{listed} or any({wrong} for {each} in {name})" if wrong else listed


def _wrong_lists(item: Type, bounds: Bounds) -> list[object]:
    return [7, *([value] for value in item.refused(bounds))]


@dataclass(frozen=True)
class List(_Copied):
    """`list[T]`, which a tuple is as well."""

    word = "list"
    alike = ("List",)
    maker = "list"
    item: Type = Int()

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
        return [self.item.held(entry) for entry in value]

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return _wrong_items(self.item, name, bounds, names)

    def words(self, bounds: Bounds) -> str:
        return f"a list of {self.item.plural(bounds)}"

    def plural(self, bounds: Bounds) -> str:
        return f"lists of {self.item.plural(bounds)}"

    def example(self, bounds: Bounds) -> object:
        return [*self.item.examples(bounds)] or None

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return _wrong_lists(self.item, bounds)


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

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return f"not isinstance({name}, dict)"

    def words(self, bounds: Bounds) -> str:
        return "a dictionary"

    def example(self, bounds: Bounds) -> object:
        return {}

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return [7, "text"]


class Shape(_Copied):
    """`Shape`: a tuple of ints."""

    word = "Shape"
    alike = ("tuple", "Tuple", "shape")
    maker = "tuple"
    is_item = False

    def fitted(self, value: object) -> object:
        if not isinstance(value, (list, tuple)):
            raise Misfit(f"{shown(value)} is no {self}")
        if all(type(size) is int and size >= 0 for size in value):
            return tuple(value)
        raise Misfit(f"{shown(value)} is no Shape", "sizes are ints of at least 0")

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return _wrong_items(Int(), name, bounds, names)

    def words(self, bounds: Bounds) -> str:
        return "a tuple of integers"

    def config(self, name: str) -> str:
        return name

    def example(self, bounds: Bounds) -> object:
        return (4, 6)

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return _wrong_lists(Int(), bounds)
