"""Types whose values Keras looks up by name: initializers and the like, and dtypes."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import ClassVar

from layergen.keras_tables.names import (
    ACTIVATIONS,
    CONSTRAINT_IDENTIFIERS,
    DTYPES,
    INITIALIZER_IDENTIFIERS,
    REGULARIZER_IDENTIFIERS,
)
from layergen.language.types.base import Misfit, Names, Site, an, shown
from layergen.language.types.bounds import Bounds
from layergen.language.types.kinds.plain import Plain
from layergen.nearest import nearest
from layergen.source.statements import Check, Statement
from layergen.source.written import Written


class _LookedUp(Plain, abstract=True):
    """What Keras itself refuses, but for None, of which it makes something as well."""

    known: ClassVar[AbstractSet[str]]
    sample: ClassVar[str]
    looked_up = True
    is_item = False

    def checks(self, site: Site) -> Iterator[Statement]:
        if not self.optional:
            yield Check(f"{site.name} is None", self.refusal(site))

    def wrong(self, name: str, bounds: Bounds, names: Names) -> str:
        return ""

    def words(self, bounds: Bounds) -> str:
        return an(self.word.lower())

    def example(self, bounds: Bounds) -> object:
        return self.sample

    def wrong_values(self, bounds: Bounds) -> list[object]:
        return []


class _Identified(_LookedUp, abstract=True):
    """What a module of Keras gets by identifier and serializes."""

    in_call = False

    @property
    def admits_none(self) -> bool:
        return True

    def fitted(self, value: object) -> object:
        if isinstance(value, str) and value in self.known:
            return value
        plain = "a default is an identifier or None"
        hint = nearest(value, self.known, plain) if isinstance(value, str) else plain
        kind = self.word.lower()
        message = f"{shown(value)} is no {kind} that Keras knows by that name"
        raise Misfit(message, hint)

    def kept(self, name: str) -> str:
        return Written(f"{self.module}.get({name})", reads=[self.module])

    def config(self, name: str) -> str:
        return Written(f"{self.module}.serialize({name})", reads=[self.module])

    def described(self, site: Site) -> str:
        return self.word + (", or `None`" if self.optional else "")


class Initializer(_Identified):
    """`Initializer`."""

    word = "Initializer"
    module = "initializers"
    known = INITIALIZER_IDENTIFIERS
    sample = "he_normal"


class Regularizer(_Identified):
    """`Regularizer`."""

    word = "Regularizer"
    module = "regularizers"
    known = REGULARIZER_IDENTIFIERS
    sample = "l2"


class Constraint(_Identified):
    """`Constraint`."""

    word = "Constraint"
    module = "constraints"
    known = CONSTRAINT_IDENTIFIERS
    sample = "non_neg"


class Activation(_Identified):
    """`Activation`."""

    word = "Activation"
    module = "activations"
    known = ACTIVATIONS
    sample = "relu"
    is_read_looked_up = True

    def described(self, site: Site) -> str:
        return "Activation function" + (", or `None`" if self.optional else "")


class DType(_LookedUp):
    """`DType`, kept as its name."""

    word = "DType"
    alike = ("dtype",)
    known = DTYPES
    sample = "float32"
    is_read_looked_up = True

    def fitted(self, value: object) -> object:
        if isinstance(value, str) and value in self.known:
            return value
        hint = nearest(value, self.known) if isinstance(value, str) else ""
        raise Misfit(f"{shown(value)} is no data type", hint)

    def kept(self, name: str) -> str:
        text = f"keras.backend.standardize_dtype({name})"
        return f"None if {name} is None else {text}" if self.optional else text

    def described(self, site: Site) -> str:
        return "Name of a dtype" + (", or `None`" if self.optional else "")
