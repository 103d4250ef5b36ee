"""What every argument type says of itself, from the annotation to the emitted test.

A type is a class in `kinds/`, and nothing outside of it asks for its name: whoever needs
to know something of an argument asks the type. A class that leaves a question open cannot
be imported.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self

from msgspec import Struct

from layergen.language.collector import Hint, clipped
from layergen.language.types.bounds import Bounds, out_of_bounds
from layergen.language.types.length import Length
from layergen.source.literals import Message, Shown, message
from layergen.source.statements import Check, Statement

ReadType = Callable[[ast.expr], "Type"]
PREFIX = "_: "
"""What stands before the text of an annotation when Python parses it."""


class BadAnnotation(ValueError):
    """What is wrong with an annotation, and at which character of it (from 0)."""

    def __init__(self, message: str, offset: int = 0, hint: Hint = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = max(offset, 0)
        self.hint = hint


class Misfit(ValueError):
    """Why a value is not of a type, with a hint."""

    def __init__(self, message: str, hint: Hint = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Names(Protocol):
    """Whoever makes names that mean nothing else at some place."""

    def fresh(self, name: str) -> str:
        """`name`, or one like it that is free."""

    def beside(self, names: Iterable[str]) -> Names:
        """The same, where more names are taken."""


class Site(Struct, frozen=True):
    """An argument as the constructor meets it, and the names that are left there.

    `shape` and `dtype` are those of an `Array`: its shape as readers see it, its rank (`ndim` or
    `min_ndim`, and the number), and the axes that must equal a Python expression. `called`
    shows what users call the argument, where `name` stands for one of several.
    """

    name: str
    bounds: Bounds
    names: Names
    dtype: str | None = None
    shape: str = ""
    rank: tuple[str, int] | None = None
    sizes: tuple[tuple[int, str], ...] = ()
    called: Shown | None = None


@dataclass(frozen=True)
class Type(ABC):
    """The type of an argument, such as `int`, `list[int]` or `Literal["a", "b"] | None`.

    `optional` says that None is allowed as well. What a type cannot leave open:

    Attributes:
        word: The outermost word of its annotation.
        alike: Words of other languages and libraries that mean it.
        is_size: Whether it can be the size of an axis.
        is_number: Whether it is a number in Python, which functions with a gradient refuse.
        is_flag: Whether it is a bool.
        is_tensor: Whether it is a tensor in `call`.
        is_layer: Whether it is a layer, tracked and built with the one that it is given to.
        is_made: Whether its values must be made by Python code, so that no literal is one.
        is_read_looked_up: Whether code that reads it wants what its name stands for.
        is_item: Whether there can be a list of it.
        in_args: Whether the constructor can take it.
        in_call: Whether `call` can take it.
        looked_up: Whether Keras looks it up by name, and says itself what is wrong.
        module: The module of Keras that looks its values up by name and serializes them.
        restored: Whether `from_config` must turn it back into an object.
    """

    optional: bool = field(default=False, kw_only=True)

    word: ClassVar[str]
    alike: ClassVar[tuple[str, ...]]
    is_size: ClassVar[bool]
    is_number: ClassVar[bool]
    is_flag: ClassVar[bool]
    is_tensor: ClassVar[bool]
    is_layer: ClassVar[bool]
    is_made: ClassVar[bool]
    is_read_looked_up: ClassVar[bool]
    is_item: ClassVar[bool]
    in_args: ClassVar[bool]
    in_call: ClassVar[bool]
    looked_up: ClassVar[bool]
    module: ClassVar[str]
    restored: ClassVar[bool]

    def __init_subclass__(cls, *, abstract: bool = False, **options: Any) -> None:
        """Refuse a type that leaves something open; register the others by their word."""
        super().__init_subclass__(**options)
        if abstract:
            return
        methods = [
            name
            for name in dir(cls)
            if getattr(getattr(cls, name, None), "__isabstractmethod__", False)
        ]
        facts = [name for name in _facts() if not hasattr(cls, name)]
        if methods or facts:
            listed = ", ".join(sorted([*methods, *facts]))
            raise TypeError(f"the argument type {cls.__name__} does not say: {listed}")
        TYPES[cls.word] = cls

    # Reading

    @classmethod
    @abstractmethod
    def parse(cls, inner: ast.expr | None, tree: ast.expr, read: ReadType) -> Self:
        """The type of an annotation `tree`, `inner` being what stands in brackets.

        Raises:
            BadAnnotation: If the type takes none, or needs some.
        """

    @property
    @abstractmethod
    def bare(self) -> str:
        """Its annotation without `| None`."""

    def __str__(self) -> str:
        return self.bare + (" | None" if self.optional else "")

    @abstractmethod
    def fitted(self, value: object) -> object:
        """What `held` gives for a value that is not None.

        Raises:
            Misfit: If it is not of the type.
        """

    def held(self, value: object) -> object:
        """A default or an example as the type holds it: a `Shape`'s list becomes a tuple.

        Raises:
            Misfit: If it is not of the type.
        """
        if value is not None:
            return self.fitted(value)
        if self.admits_none:
            return None
        raise Misfit(f"null is no {self}", f"write `{self} | None` to allow it")

    @property
    def admits_none(self) -> bool:
        """Whether a default may be None."""
        return self.optional

    @property
    def counts(self) -> bool:
        """Whether it is an integer, or a list of integers."""
        return self.is_size

    @property
    def takes_bounds(self) -> bool:
        """Whether it is a number, or a list of numbers at whatever depth."""
        return False

    def outside(self, value: object, bounds: Bounds) -> str:
        """Why a value that is held does not lie in the bounds, or ""."""
        return out_of_bounds(value, bounds)

    def takes(self, value: object, bounds: Bounds) -> bool:
        """Whether a value is of the type, and lies in the bounds."""
        try:
            return not self.outside(self.held(value), bounds)
        except Misfit:
            return False

    def of_length(self, length: Length) -> Type | None:
        """The same where its lists have so many items; None where it is no list."""
        return None

    @property
    def is_sized(self) -> bool:
        """Whether it is a list whose length is written."""
        return False

    @property
    def count(self) -> int | None:
        """How many items code reads of it, where that is always the same number."""
        return None

    def used(self, value: object) -> object:
        """What code reads where the layer is given a value."""
        return value

    # In the constructor and the config

    @property
    def is_assigned(self) -> bool:
        """Whether its checks assign to the argument."""
        return self.is_made

    def looks(self, name: str) -> str:
        """The condition that tells a right value from right ones of other types, or ""
        where only a look at those does."""
        return ""

    @abstractmethod
    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        """The condition under which a value that is not None is wrong, or "".

        What it must name itself has a name from `names`.
        """

    @abstractmethod
    def words(self, bounds: Bounds) -> str:
        """What a value must be, such as `a positive integer`."""

    def plural(self, bounds: Bounds) -> str:
        """What the values of a list of it must be."""
        return f"values, each {self.words(bounds)}"

    @abstractmethod
    def kept(self, name: str) -> str:
        """What the constructor keeps of the value in a variable."""

    @abstractmethod
    def config(self, name: str) -> str:
        """The entry of the config for the value that an attribute keeps."""

    def refuses(self, name: str, bounds: Bounds, names: Names) -> str:
        """The condition under which a value is wrong, or "" where none is."""
        wrong = self.wrong(name, bounds, names)
        if not wrong or not self.optional:
            return wrong
        rest = f"({wrong})" if " or " in wrong else wrong
        return f"{name} is not None and {rest}"

    def allowed(self, bounds: Bounds) -> str:
        """What the argument must be, in words."""
        return self.words(bounds) + (" or None" if self.optional else "")

    def checks(self, site: Site) -> Iterator[Statement]:
        """The statements that look at an argument before it is kept."""
        wrong = self.refuses(site.name, site.bounds, site.names)
        if wrong:
            yield Check(wrong, self.refusal(site))

    def assigned(self, name: str) -> Iterator[Statement]:
        """The statements by which a right value becomes what code reads."""
        yield from ()

    def refusal(self, site: Site) -> Message:
        """What is said of a wrong argument."""
        must = f"` must be {self.allowed(site.bounds)}. Received: "
        called = site.called or site.name
        return message("`", called, must, called, "=", Shown(site.name))

    # In the docstring and the test

    def described(self, site: Site) -> str:
        """How a docstring begins to speak of it: `Positive integer`."""
        bare = self.words(site.bounds).removeprefix("a ").removeprefix("an ")
        return bare[0].upper() + bare[1:] + (", or `None`" if self.optional else "")

    @abstractmethod
    def example(self, bounds: Bounds) -> object:
        """A value to try a layer with; None where Python code must make one."""

    def examples(self, bounds: Bounds, count: int = 1) -> Sequence[object]:
        """Values of a list to try a layer with, `count` or more where there are such."""
        one = self.example(bounds)
        return [] if one is None else [one]

    def varied(self, bounds: Bounds) -> Sequence[object]:
        """Values with which code may go different ways: all, where they are few."""
        one = self.example(bounds)
        return [] if one is None else [one]

    def members(self, value: object, bounds: Bounds) -> Sequence[object]:
        """A value for each of the types that it unites but that of a value."""
        return ()

    def other(self, default: object) -> object:
        """Another value than the default, to try as well; None where any may be wrong."""
        return None

    @abstractmethod
    def wrong_values(self, bounds: Bounds) -> list[object]:
        """Values beside None that the constructor must refuse."""

    def refused(self, bounds: Bounds) -> list[object]:
        """Values that the constructor must refuse."""
        found = self.wrong_values(bounds)
        return found if self.optional or not found else [*found, None]


TYPES: dict[str, type[Type]] = {}
"""The types by the word that they are written as."""


def _facts() -> list[str]:
    """The attributes that each type must have."""
    annotations = Type.__annotations__
    return [name for name, kind in annotations.items() if kind.startswith("ClassVar")]


def offset(node: ast.AST) -> int:
    """Where a node of an annotation begins in its text."""
    return getattr(node, "col_offset", len(PREFIX)) - len(PREFIX)


def shown(value: object) -> str:
    """A value or a tree in backticks, for a message."""
    text = ast.unparse(value) if isinstance(value, ast.AST) else repr(value)
    return f"`{clipped(text)}`"


def an(noun: str) -> str:
    """A noun with its article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
