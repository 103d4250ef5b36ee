"""What a name means in each piece of a spec's code."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from layergen.spec.dims import bindings, rests
from layergen.spec.keras_names import BUILTINS
from layergen.spec.model import Code, Spec


@dataclass(frozen=True)
class Vocabulary:
    """The names that one piece of code can use.

    `declared` maps names of the spec to what they are (`an input`, `an argument`);
    `hidden` those that exist in the spec but not here. `words` come from the language.
    """

    what: str
    declared: dict[str, str]
    hidden: dict[str, str] = field(default_factory=dict)
    words: frozenset[str] = frozenset()

    @property
    def known(self) -> set[str]:
        return {*self.declared, *self.words, *BUILTINS}


def kinds(spec: Spec) -> dict[str, str]:
    """Every name that a spec declares, with what it is."""
    found = {name: "an import" for name in imported(spec.imports)}
    found |= {name: "a dimension" for name in bindings(spec)}
    found |= {name: "a group of axes" for name in rests(spec)}
    found |= {derived.name: "a derived value" for derived in spec.derived}
    found |= {weight.name: "a weight" for weight in spec.weights}
    found |= {tensor.name: "an input" for tensor in spec.inputs}
    found |= {arg.name: "an argument" for arg in spec.args}
    return found


def vocabulary(
    spec: Spec, what: str, seen: set[str], words: str, but: set[str] | None = None
) -> Vocabulary:
    """The names of the kinds in `seen`, without the names in `but`."""
    every = kinds(spec)
    declared = {
        name: kind
        for name, kind in every.items()
        if kind in seen and name not in (but or ())
    }
    hidden = {name: kind for name, kind in every.items() if name not in declared}
    return Vocabulary(what, declared, hidden, frozenset(words.split()))


ALL = {
    "an import",
    "a dimension",
    "a group of axes",
    "a derived value",
    "a weight",
    "an input",
    "an argument",
}
VALUES = {"an argument", "a dimension", "a derived value"}


def for_forward(spec: Spec) -> Vocabulary:
    words = "ops math keras tf training"
    words += " activation" if spec.activation is not None else ""
    return vocabulary(spec, "`forward`", ALL, words)


def for_reference(spec: Spec) -> Vocabulary:
    words = "np math" + (" activation" if spec.activation is not None else "")
    return vocabulary(spec, "`reference`", ALL, words)


def for_equivalent(spec: Spec) -> Vocabulary:
    words = "math keras" + (" activation" if spec.activation is not None else "")
    return vocabulary(spec, "`equivalent`", {"an argument", "an import"}, words)


def for_arguments(spec: Spec, what: str) -> Vocabulary:
    """For code that sees arguments alone, such as `when`."""
    return vocabulary(spec, what, {"an argument"}, "math")


def for_values(spec: Spec, what: str, but: set[str] | None = None) -> Vocabulary:
    """For code over arguments, dimensions and derived values (and inputs' shapes)."""
    return vocabulary(spec, what, VALUES | {"an input"}, "math", but)


def for_maker(spec: Spec, what: str, classes: frozenset[str]) -> Vocabulary:
    words = " ".join(["math", "keras", *classes])
    return vocabulary(spec, what, VALUES | {"an import"}, words)


def imported(code: Code | None) -> dict[str, str]:
    """The names that import statements bind, each with what it stands for in full."""
    found: dict[str, str] = {}
    for statement in code.body if code else ():
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                first = alias.name.split(".")[0]
                found[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                found[alias.asname or alias.name] = f"{statement.module}.{alias.name}"
    return found
