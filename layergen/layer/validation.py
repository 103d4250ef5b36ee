"""What the constructor accepts for an argument: as a condition, in words, and by example."""

from __future__ import annotations

from dataclasses import dataclass

from layergen.forward.scope import Scope
from layergen.language.model import Arg, Type
from layergen.source.literals import literal

LIST_TYPES = ("list", "Shape")


@dataclass(frozen=True)
class Bounds:
    """The interval that a number must lie in; a bound that is None does not bind."""

    min: int | float | None = None
    max: int | float | None = None
    above: int | float | None = None
    below: int | float | None = None

    def __bool__(self) -> bool:
        return self != Bounds()

    @property
    def interval(self) -> str:
        """The interval in mathematical notation; only with a bound on both sides."""
        low = f"({self.above}" if self.above is not None else f"[{self.min}"
        high = f"{self.below})" if self.below is not None else f"{self.max}]"
        return f"{low}, {high}"

    def holds(self, name: str) -> str:
        """The condition that a number lies in the interval, such as `0 <= rate < 1`."""
        low = f"{self.above} < " if self.above is not None else ""
        low = f"{self.min} <= " if self.min is not None else low
        high = f" < {self.below}" if self.below is not None else ""
        high = f" <= {self.max}" if self.max is not None else high
        if low and not high:
            sign = ">=" if self.min is not None else ">"
            bound = self.min if self.min is not None else self.above
            return f"{name} {sign} {bound}"
        return f"{low}{name}{high}"

    def outside(self) -> list[int | float]:
        """Numbers just outside."""
        found: list[int | float] = []
        if self.min is not None:
            found.append(self.min - 1)
        if self.above is not None:
            found.append(self.above)
        if self.max is not None:
            found.append(self.max + 1)
        if self.below is not None:
            found.append(self.below)
        return found


def bounds_of(arg: Arg, in_shape: bool) -> Bounds:
    """The bounds of an argument: an int that stands in a shape is at least 1."""
    bounds = Bounds(arg.min, arg.max, arg.above, arg.below)
    if in_shape and arg.min is None and arg.above is None:
        return Bounds(1, arg.max, None, arg.below)
    return bounds


def refuses(kind: Type, bounds: Bounds, name: str, scope: Scope) -> str:
    """The condition under which a value of the name is wrong, or "" where none is."""
    wrong = _refuses(kind, bounds, name, scope)
    if not wrong or not kind.optional:
        return wrong
    return (
        f"{name} is not None and ({wrong})"
        if " or " in wrong
        else f"{name} is not None and {wrong}"
    )


def _refuses(kind: Type, bounds: Bounds, name: str, scope: Scope) -> str:
    match kind.name:
        case "int" | "float":
            accepted = "int" if kind.name == "int" else "(int, float)"
            wrong = f"isinstance({name}, bool) or not isinstance({name}, {accepted})"
            return f"{wrong} or {_outside(kind, bounds, name)}" if bounds else wrong
        case "bool" | "str" | "dict":
            return f"not isinstance({name}, {kind.name})"
        case "Literal":
            return _refuses_literal(kind, name)
        case "list" | "Shape":
            item = kind.item or Type("int")
            each = scope.fresh("item" if name == "value" else "value")
            wrong = refuses(item, bounds, each, scope.beside([each]))
            listed = f"not isinstance({name}, (list, tuple))"
            return f"{listed} or any({wrong} for {each} in {name})" if wrong else listed
        case "Layer":
            return f"not isinstance({name}, keras.layers.Layer)"
    return ""


def _outside(kind: Type, bounds: Bounds, name: str) -> str:
    if kind.name == "int" and bounds == Bounds(min=bounds.min):
        return f"{name} < {bounds.min}"
    return f"not {bounds.holds(name)}"


def _refuses_literal(kind: Type, name: str) -> str:
    choices = ", ".join(map(literal, kind.choices))
    choices += "," if len(kind.choices) == 1 else ""
    if all(isinstance(choice, str) for choice in kind.choices):
        return f"{name} not in ({choices})"
    # `True == 1 == 1.0`: membership alone would let the wrong type pass.
    types = sorted({type(choice).__name__ for choice in kind.choices})
    accepted = types[0] if len(types) == 1 else f"({', '.join(types)})"
    wrong = f"not isinstance({name}, {accepted}) or {name} not in ({choices})"
    return wrong if "bool" in types else f"isinstance({name}, bool) or {wrong}"


def allowed(kind: Type, bounds: Bounds) -> str:
    """What the argument must be, in words: `a positive integer`."""
    text = _allowed(kind, bounds)
    return f"{text} or None" if kind.optional else text


def _allowed(kind: Type, bounds: Bounds) -> str:
    match kind.name:
        case "int" | "float":
            adjective, phrase = _bounds_in_words(kind, bounds)
            noun = "integer" if kind.name == "int" else "number"
            words = f"{adjective} {noun}".strip()
            return f"{'an' if words[0] in 'aeiou' else 'a'} {words}{phrase}"
        case "bool":
            return "a boolean"
        case "str":
            return "a string"
        case "dict":
            return "a dictionary"
        case "Literal":
            return f"one of {', '.join(map(literal, kind.choices))}"
        case "list":
            return f"a list of {_plural(kind.item or Type('int'), bounds)}"
        case "Shape":
            return "a tuple of integers"
        case "Layer":
            return "a Keras layer"
    name = kind.name.lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _plural(kind: Type, bounds: Bounds) -> str:
    match kind.name:
        case "int" | "float":
            adjective, phrase = _bounds_in_words(kind, bounds)
            noun = "integers" if kind.name == "int" else "numbers"
            return f"{adjective} {noun}{phrase}".strip()
        case "bool":
            return "booleans"
        case "str":
            return "strings"
        case "dict":
            return "dictionaries"
        case "list":
            return f"lists of {_plural(kind.item or Type('int'), bounds)}"
    return f"values, each {_allowed(kind, bounds)}"


def _bounds_in_words(kind: Type, bounds: Bounds) -> tuple[str, str]:
    """An adjective before the noun, or a phrase after it."""
    if bounds == Bounds(min=1) and kind.name == "int" or bounds == Bounds(above=0):
        return "positive", ""
    if bounds == Bounds(min=0):
        return "non-negative", ""
    low = bounds.min is not None or bounds.above is not None
    high = bounds.max is not None or bounds.below is not None
    if low and high:
        return "", f" in {bounds.interval}"
    for name, words in (("min", "of at least"), ("above", "above")):
        if getattr(bounds, name) is not None:
            return "", f" {words} {getattr(bounds, name)}"
    for name, words in (("max", "of at most"), ("below", "below")):
        if getattr(bounds, name) is not None:
            return "", f" {words} {getattr(bounds, name)}"
    return "", ""


def wrong_values(kind: Type, bounds: Bounds) -> list[object]:
    """Values that the constructor must refuse, for the emitted test."""
    found: list[object] = [] if kind.optional else [None]
    match kind.name:
        case "int":
            outside = [0, -1] if bounds.min == 1 else bounds.outside()
            return [*outside, 2.5, "7", True, *found]
        case "float":
            return [*bounds.outside(), "0.5", True, *found]
        case "bool":
            return [1, "yes", *found]
        case "str":
            return [1, *found]
        case "Literal":
            return ["no such choice", *found]
        case "list" | "Shape":
            inner = wrong_values(kind.item or Type("int"), bounds)
            return [7, *([value] for value in inner), *found]
        case "dict" | "Layer":
            return [7, "text", *found]
    return []
