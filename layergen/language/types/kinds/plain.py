"""Types whose values are plain Python data, written as they are: `bool`, `str`, `Literal`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from layergen.language.types.base import (
    BadAnnotation,
    Misfit,
    Names,
    ReadType,
    Type,
    offset,
    shown,
)
from layergen.language.types.bounds import Bounds
from layergen.language.types.literals import NoLiteral, from_python
from layergen.nearest import nearest
from layergen.source.literals import literal

Choice = str | int | bool


class Plain(Type, abstract=True):
    """A type that is kept, and written to the config, as it comes."""

    alike: ClassVar[tuple[str, ...]] = ()
    is_size = False
    is_number = False
    is_flag = False
    is_tensor = False
    is_layer = False
    is_made = False
    is_read_looked_up = False
    is_item = True
    in_args = True
    in_call = True
    looked_up = False
    module = ""
    restored = False

    @classmethod
    def parse(cls, inner: ast.expr | None, tree: ast.expr, read: ReadType) -> Self:
        if inner is not None:
            hint = f"`{cls.word}` takes no `[...]`"
            raise BadAnnotation(f"unknown type `{cls.word}`", offset(tree), hint)
        return cls()

    @property
    def bare(self) -> str:
        return self.word

    def kept(self, name: str) -> str:
        return name

    def config(self, name: str) -> str:
        return name


class Bool(Plain):
    """`bool`."""

    word = "bool"
    alike = ("boolean",)
    is_flag = True
    is_number = True

    def fitted(self, value: object) -> object:
        if not isinstance(value, bool):
            raise Misfit(f"{shown(value)} is no {self}")
        return value

    def looks(self, name: str) -> str:
        return f"isinstance({name}, bool)"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return f"not isinstance({name}, bool)"

    def words(self, bounds: Bounds) -> str:
        return "a boolean"

    def plural(self, bounds: Bounds) -> str:
        return "booleans"

    def example(self, bounds: Bounds) -> object:
        return True

    def varied(self, bounds: Bounds) -> Sequence[object]:
        return (True, False)

    def other(self, default: object) -> object:
        return not default if isinstance(default, bool) else None

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return [1, "yes"]


class Str(Plain):
    """`str`."""

    word = "str"
    alike = ("string",)

    def fitted(self, value: object) -> object:
        if not isinstance(value, str):
            raise Misfit(f"{shown(value)} is no {self}")
        return value

    def looks(self, name: str) -> str:
        return f"isinstance({name}, str)"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return f"not isinstance({name}, str)"

    def words(self, bounds: Bounds) -> str:
        return "a string"

    def plural(self, bounds: Bounds) -> str:
        return "strings"

    def example(self, bounds: Bounds) -> object:
        return "text"

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return [1]


@dataclass(frozen=True)
class Literal(Plain):
    """`Literal["a", "b"]`: one of some texts, ints or bools."""

    word = "Literal"
    choices: tuple[Choice, ...] = ()

    @classmethod
    def parse(cls, inner: ast.expr | None, tree: ast.expr, read: ReadType) -> Self:
        if inner is None:
            message = "`Literal` needs to say of what"
            raise BadAnnotation(message, offset(tree), 'as in `Literal["a", "b"]`')
        items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        found: list[Choice] = []
        for item in items:
            found.append(_choice(item, found))
        if not found:
            raise BadAnnotation("a Literal without values", offset(inner))
        return cls(tuple(found))

    @property
    def bare(self) -> str:
        return f"Literal[{', '.join(map(_quoted, self.choices))}]"

    def fitted(self, value: object) -> object:
        for choice in self.choices:
            if value == choice and type(value) is type(choice):
                return value
        known = [choice for choice in self.choices if isinstance(choice, str)]
        hint = nearest(value, known) if isinstance(value, str) else ""
        raise Misfit(f"{shown(value)} is none of {self}'s values", hint)

    def looks(self, name: str) -> str:
        return f"isinstance({name}, {type(self.choices[0]).__name__})"

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        choices = ", ".join(map(literal, self.choices))
        choices += "," if len(self.choices) == 1 else ""
        if all(isinstance(choice, str) for choice in self.choices):
            return f"{name} not in ({choices})"
        # `True == 1 == 1.0`: membership alone would let the wrong type pass.
        types = sorted({type(choice).__name__ for choice in self.choices})
        accepted = types[0] if len(types) == 1 else f"({', '.join(types)})"
        wrong = f"not isinstance({name}, {accepted}) or {name} not in ({choices})"
        return wrong if "bool" in types else f"isinstance({name}, bool) or {wrong}"

    def words(self, bounds: Bounds) -> str:
        return f"one of {', '.join(map(literal, self.choices))}"

    def example(self, bounds: Bounds) -> object:
        return self.choices[0]

    def varied(self, bounds: Bounds) -> Sequence[object]:
        return self.choices

    def other(self, default: object) -> object:
        return next((choice for choice in self.choices if choice != default), None)

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return ["no such choice"]


def _choice(item: ast.expr, before: list[Choice]) -> Choice:
    """A value of a Literal, after those before it."""
    try:
        value = from_python(item)
    except NoLiteral as error:
        bare = ast.unparse(item)
        hint = f'quote text: `"{bare}"`' if isinstance(item, ast.Name) else ""
        message = f"{shown(item)} is no value for a Literal"
        raise BadAnnotation(message, offset(item), hint) from error
    if not isinstance(value, (str, int)):
        message = f"a Literal holds texts, ints or bools, not {shown(item)}"
        hint = "write `| None` after it" if value is None else ""
        raise BadAnnotation(message, offset(item), hint)
    if any(value == one and type(value) is type(one) for one in before):
        raise BadAnnotation(f"{shown(item)} is there twice", offset(item))
    if before and type(before[0]) is not type(value):
        message = "a Literal's values must be all of one kind"
        raise BadAnnotation(message, offset(item))
    return value


def _quoted(value: Choice) -> str:
    if not isinstance(value, str):
        return repr(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
