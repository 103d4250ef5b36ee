"""Sizes and argument values to try a layer with.

What the spec's `example` leaves out is chosen here: small, different from one another
so that a swapped axis shows, and such that every requirement of the spec is met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from layergen.example.search import Search, with_derived
from layergen.language.evaluate import Budget, Unknown, evaluate
from layergen.language.model import (
    Arg,
    Code,
    Rest,
    Shape,
    Size,
    Type,
)
from layergen.layer.arguments import argument_bounds
from layergen.layer.facts import Facts
from layergen.layer.validation import Bounds

BATCH = 2
AXIS_SIZES = (3, 5, 4, 6, 8, 9, 10, 12, 2, 1, 14, 15, 16, 18, 20, 24)
INT_VALUES = (7, 4, 6, 8, 5, 3, 2, 1, 0, 9, 10, 12, 14, 15, 16, 18, 20, 24, -1)
REST_SIZES = (5, 4, 6, 8, 9, 10, 11, 12)
UNNAMED_SIZES = (6, 9, 11, 13, 17, 19, 23, 29)


@dataclass(frozen=True)
class Sizes:
    """Values of a spec's names, and the sizes of the axes that `...` stands for.

    `values` holds dimensions, arguments with a literal value, the derived values that
    follow, and the shape of each input as `x.shape`.
    """

    values: Mapping[str, Any]
    rest: tuple[int, ...]

    def shape(
        self, shape: Shape, budget: Budget | None = None
    ) -> tuple[int, ...] | None:
        """The concrete shape, or None for `any`.

        Raises:
            Unknown: If a size rests on a value that is not known.
        """
        if shape.dims is None:
            return None
        found: list[int] = []
        for dim in shape.dims:
            if isinstance(dim, Rest):
                found += self.rest
            elif isinstance(dim, Size):
                size = evaluate(dim.tree, self.values, budget)
                if type(size) is not int:
                    raise Unknown(dim.text)
                found.append(size)
            else:
                taken = {*found, *self.rest, *self._numbers}
                found.append(next(size for size in UNNAMED_SIZES if size not in taken))
        return tuple(found)

    def holds(self, condition: Code, budget: Budget | None = None) -> bool | None:
        """Whether a condition holds; None where that cannot be worked out."""
        try:
            return bool(evaluate(condition.expression, self.values, budget))
        except Unknown:
            return None

    @property
    def _numbers(self) -> set[int]:
        return {value for value in self.values.values() if type(value) is int}


def find_sizes(
    facts: Facts, fixed: Mapping[str, Any], rest: int | None
) -> Sizes | None:
    """Values for every dimension and required argument, or None where none are found.

    `fixed` holds what is given; `rest` is the number of axes that `...` is to stand for.
    """
    named = {**_defaults(facts), **_plain_values(facts), **fixed}
    lists = [named.pop(name) for name in facts.rests if name in named]
    free = {
        name: domain for name, domain in _domains(facts).items() if name not in named
    }
    taken = {value for value in named.values() if type(value) is int}
    search = Search(facts, named)
    for distinct in (True, False):
        for chosen in search.assignments(free, distinct):
            numbers = taken | set(chosen.values())
            spare = [size for size in REST_SIZES if size not in numbers]
            shown = tuple(lists[0]) if lists else _rest(facts, rest, spare)
            found = _completed(facts, {**named, **chosen}, shown, search.budget)
            if _is_valid(facts, found, search.budget):
                return found
    return None


def _rest(facts: Facts, count: int | None, spare: list[int]) -> tuple[int, ...]:
    """Sizes for `...`; the first one is a batch where the shape begins with it."""
    begins = facts.first.shape.rest == 0
    if not begins:
        return tuple(spare[: count or 0])
    least = max(1, 2 - len(facts.first.shape.axes))
    return (BATCH, *spare[: (count or least) - 1])


def _domains(facts: Facts) -> dict[str, tuple[int, ...]]:
    """The names that need a number, with the numbers to try in order."""
    axes = (*facts.axes, *facts.counts, *facts.array_axes)
    found: dict[str, tuple[int, ...]] = {
        name: (BATCH, *AXIS_SIZES) if name == "batch" else AXIS_SIZES for name in axes
    }
    for arg in facts.spec.args:
        if arg.required and arg.type.name == "int":
            found[arg.name] = tuple(
                n for n in INT_VALUES if within(argument_bounds(facts, arg), n)
            ) or _inside(argument_bounds(facts, arg))
    return found


def _inside(bounds: Bounds) -> tuple[int, ...]:
    """Integers of an interval that lies outside the usual small ones."""
    if bounds.min is not None or bounds.above is not None:
        start = int(bounds.min if bounds.min is not None else bounds.above or 0)
        tried = range(start, start + 8)
    else:
        end = int(bounds.max if bounds.max is not None else bounds.below or 0)
        tried = range(end, end - 8, -1)
    return tuple(number for number in tried if within(bounds, number))


def within(bounds: Bounds, number: int | float) -> bool:
    """Whether a number lies in the interval."""
    return (
        (bounds.min is None or number >= bounds.min)
        and (bounds.max is None or number <= bounds.max)
        and (bounds.above is None or number > bounds.above)
        and (bounds.below is None or number < bounds.below)
    )


def _completed(
    facts: Facts, values: dict[str, Any], rest: tuple[int, ...], budget: Budget
) -> Sizes:
    known = values
    for _ in range(2):  # A shape may rest on a derived value, and one on a shape.
        known = dict(with_derived(facts.spec.derived, known, budget))
        for name, tensor in facts.inputs.items():
            try:
                known[f"{name}.shape"] = Sizes(known, rest).shape(tensor.shape, budget)
            except Unknown:
                continue
    return Sizes(dict(with_derived(facts.spec.derived, known, budget)), rest)


def _is_valid(facts: Facts, sizes: Sizes, budget: Budget) -> bool:
    """Whether the values meet every requirement and give every axis a size."""
    spec = facts.spec
    if any(sizes.holds(r.condition, budget) is False for r in spec.require):
        return False
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [output.shape for output in spec.outputs or ()]
    absent = [
        w for w in spec.weights if w.when and sizes.holds(w.when, budget) is False
    ]
    shapes += [weight.shape for weight in spec.weights if weight not in absent]
    shapes += [state.shape for state in spec.states]
    try:
        given = [sizes.shape(shape, budget) for shape in shapes]
    except Unknown:
        return False
    return budget.left > 0 and all(min(one or (1,), default=1) >= 1 for one in given)


def _defaults(facts: Facts) -> dict[str, Any]:
    return {
        arg.name: arg.default
        for arg in facts.spec.args
        if not arg.required and not isinstance(arg.default, Code)
    }


def _plain_values(facts: Facts) -> dict[str, Any]:
    """Values of the required arguments that are neither sizes nor objects."""
    found: dict[str, Any] = {}
    for arg in facts.spec.args:
        if arg.required:
            value = plain_value(arg.type, argument_bounds(facts, arg))
            if value is not None:
                found[arg.name] = value
    return found


def plain_value(kind: Type, bounds: Bounds) -> Any:
    """A value of a type that needs no number of its own, or None."""
    match kind.name:
        case "float":
            tried = (0.5, 1.5, 0.25, 3.0, -0.5, *map(float, _inside(bounds)))
            return next((n for n in tried if within(bounds, n)), None)
        case "bool":
            return True
        case "str":
            return "text"
        case "Literal":
            return kind.choices[0]
        case "dict":
            return {}
        case "Shape":
            return (4, 6)
        case "DType":
            return "float32"
        case "list":
            item = kind.item or Type("int")
            if item.name == "int":
                return [n for n in (4, 6, *_inside(bounds)) if within(bounds, n)][:2]
            value = plain_value(item, bounds)
            return None if value is None else [value]
    return None


def arguments_without_value(facts: Facts, sizes: Sizes) -> Iterator[Arg]:
    """The required arguments whose value is an object that Python text must make."""
    for arg in facts.spec.args:
        if arg.required and arg.name not in sizes.values:
            yield arg
