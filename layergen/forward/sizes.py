"""Sizes of axes as integer polynomials over the names that a spec gives them.

A size is an `int`, a `Poly` where it rests on names, or None where it is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct


class Axis(Struct, frozen=True):
    """An axis of an input that has no name."""

    tensor: str
    position: int

    def __str__(self) -> str:
        return f"{self.tensor}.shape[{self.position}]"


class Item(Struct, frozen=True):
    """An item of a list of sizes that is an argument."""

    name: str
    index: int

    def __str__(self) -> str:
        return f"{self.name}[{self.index}]"


class RestAxis(Struct, frozen=True):
    """One of the axes that `...` stands for, where a number of them is tried."""

    index: int

    def __str__(self) -> str:
        return f"...[{self.index}]"


class Quotient(Struct, frozen=True):
    """`upper // lower`, where that is no polynomial."""

    upper: Size
    lower: Size

    def __str__(self) -> str:
        return f"({self.upper}) // ({self.lower})"


class Remainder(Struct, frozen=True):
    """`upper % lower`, where that is no polynomial."""

    upper: Size
    lower: Size

    def __str__(self) -> str:
        return f"({self.upper}) % ({self.lower})"


Atom = str | Axis | Item | RestAxis | Quotient | Remainder
Monomial = tuple[Atom, ...]


class Poly(Struct, frozen=True):
    """A polynomial that is no number: monomials, each with a factor that is not 0."""

    terms: tuple[tuple[Monomial, int], ...]

    def __add__(self, other: Size) -> Size:
        found = dict(self.terms)
        for monomial, factor in terms_of(other):
            found[monomial] = found.get(monomial, 0) + factor
        return polynomial(found)

    def __mul__(self, other: Size) -> Size:
        if len(self.terms) * len(terms_of(other)) > TERMS:
            raise ValueError("a size that is too long to work with")
        found: dict[Monomial, int] = {}
        for one, factor in self.terms:
            for two, by in terms_of(other):
                both = tuple(sorted((*one, *two), key=str))
                found[both] = found.get(both, 0) + factor * by
        return polynomial(found)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Size:
        return self * -1

    def __sub__(self, other: Size) -> Size:
        return self + -other

    def __rsub__(self, other: Size) -> Size:
        return -self + other

    def __floordiv__(self, other: Size) -> Size:
        return quotient(self, other)

    def __rfloordiv__(self, other: Size) -> Size:
        return quotient(other, self)

    def __mod__(self, other: Size) -> Size:
        return remainder(self, other)

    def __rmod__(self, other: Size) -> Size:
        return remainder(other, self)

    def __str__(self) -> str:
        return text_of(self, str)

    __repr__ = __str__

    @property
    def atoms(self) -> Iterator[Atom]:
        """What it rests on, parts of quotients and remainders too."""
        for monomial, _ in self.terms:
            for atom in monomial:
                yield atom
                if isinstance(atom, (Quotient, Remainder)):
                    for part in (atom.upper, atom.lower):
                        yield from part.atoms if isinstance(part, Poly) else ()

    @property
    def name(self) -> str:
        """The name that it is, "" where it is more than one."""
        match self.terms:
            case (((str() as name,), 1),):
                return name
        return ""


Size = int | Poly
Dim = Size | None


BULK = 100
"""Names in a size, each as often as it stands there."""
TERMS = 10_000
"""Pairs of terms that are multiplied."""


def bounded(size: Dim) -> Dim:
    """A size, None where it is too long to work with."""
    if isinstance(size, Poly) and sum(1 for _ in islice(size.atoms, BULK + 1)) > BULK:
        return None
    return size


def size_of(atom: Atom) -> Poly:
    """What a name stands for."""
    return Poly((((atom,), 1),))


def terms_of(size: Size) -> tuple[tuple[Monomial, int], ...]:
    """The terms of a size; a number has one without names."""
    return size.terms if isinstance(size, Poly) else (((), size),)


def polynomial(terms: Mapping[Monomial, int]) -> Size:
    """The sum of some terms, a number where no name is left."""
    found = [(monomial, factor) for monomial, factor in terms.items() if factor]
    if all(not monomial for monomial, _ in found):
        return sum(factor for _, factor in found)
    # Those of most names first, numbers last, as one writes them.
    found.sort(key=lambda term: (-len(term[0]), term[1] < 0, [*map(str, term[0])]))
    return Poly(tuple(found))


def quotient(upper: Size, lower: Size) -> Size:
    """`upper // lower`.

    Raises:
        ZeroDivisionError: Where `lower` is 0.
    """
    if isinstance(upper, int) and isinstance(lower, int):
        return upper // lower
    if lower == 0:
        raise ZeroDivisionError
    if upper == lower:
        return 1
    upper, lower = _without_common(upper, lower)
    if isinstance(lower, int):
        if all(factor % lower == 0 for _, factor in terms_of(upper)):
            return polynomial({m: factor // lower for m, factor in terms_of(upper)})
        if isinstance(upper, int):
            return upper // lower
    return size_of(Quotient(upper, lower))


def remainder(upper: Size, lower: Size) -> Size:
    """`upper % lower`.

    Raises:
        ZeroDivisionError: Where `lower` is 0.
    """
    if isinstance(upper, int) and isinstance(lower, int):
        return upper % lower
    if lower == 0:
        raise ZeroDivisionError
    if upper == lower:
        return 0
    if isinstance(lower, int) and all(f % lower == 0 for _, f in terms_of(upper)):
        return 0
    whole = quotient(upper, lower)
    if whole * lower == upper:
        return 0
    return size_of(Remainder(upper, lower))


def _without_common(upper: Size, lower: Size) -> tuple[Size, Size]:
    """Both without the names that are factors of every term of either."""
    terms = [[*monomial] for monomial, _ in (*terms_of(upper), *terms_of(lower))]
    for atom in [*terms[0]]:
        if all(atom in monomial for monomial in terms):
            for monomial in terms:
                monomial.remove(atom)
    count = len(terms_of(upper))
    factors = [factor for _, factor in (*terms_of(upper), *terms_of(lower))]
    left = [(tuple(m), f) for m, f in zip(terms, factors, strict=True)]
    return polynomial(dict(left[:count])), polynomial(dict(left[count:]))


def text_of(size: Size, bind: Callable[[Atom], str]) -> str:
    """A size as Python code, with `bind` for what it rests on."""
    if isinstance(size, int):
        return str(size)
    found = ""
    for monomial, factor in size.terms:
        parts = [_part(atom, bind) for atom in monomial]
        if abs(factor) != 1 or not parts:
            parts.insert(0, str(abs(factor)))
        sign = "-" if factor < 0 else "+"
        if found:
            found += f" {sign} "
        elif factor < 0:
            found = "-"
        found += " * ".join(parts)
    return found


def _part(atom: Atom, bind: Callable[[Atom], str]) -> str:
    if isinstance(atom, (Quotient, Remainder)):
        sign = "//" if isinstance(atom, Quotient) else "%"
        upper, lower = (_operand(part, bind) for part in (atom.upper, atom.lower))
        return f"({upper} {sign} {lower})"
    return bind(atom)


def _operand(size: Size, bind: Callable[[Atom], str]) -> str:
    text = text_of(size, bind)
    alone = isinstance(size, int) or len(size.terms) == 1 and size.name
    return text if alone else f"({text})"


def bound(atom: Atom, bind: Callable[[str], str]) -> str:
    """What a size rests on, with its name bound."""
    if isinstance(atom, Item):
        return f"{bind(atom.name)}[{atom.index}]"
    return bind(str(atom))


def value_of(size: Size, values: Mapping[str, Any]) -> int | None:
    """A size where names have values, None where one has none."""
    if isinstance(size, int):
        return size
    total = 0
    for monomial, factor in size.terms:
        for atom in monomial:
            value = _value(atom, values)
            if value is None:
                return None
            factor *= value
        total += factor
    return total


def _value(atom: Atom, values: Mapping[str, Any]) -> int | None:
    match atom:
        case str():
            value = values.get(atom)
            return value if type(value) is int else None
        case Axis(tensor=tensor, position=position):
            shape = values.get(f"{tensor}.shape")
            return shape[position] if shape is not None else None
        case Item(name=name, index=index):
            items = values.get(name)
            return items[index] if isinstance(items, (list, tuple)) else None
        case Quotient(upper=upper, lower=lower) | Remainder(upper=upper, lower=lower):
            one, other = value_of(upper, values), value_of(lower, values)
            if one is None or not other:
                return None
            return one // other if isinstance(atom, Quotient) else one % other
    return None


def surely_differ(one: Dim, other: Dim) -> bool:
    """Whether two sizes differ whatever their names stand for."""
    if one is None or other is None:
        return False
    apart = one - other
    return isinstance(apart, int) and apart != 0
