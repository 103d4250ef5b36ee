"""Arguments that bring a layer's code to branches which other values leave out."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Protocol

from msgspec import Struct

from layergen.example.reached import Condition
from layergen.example.sizes import INT_VALUES, Sizes
from layergen.language.evaluate import Budget, Unknown, evaluate
from layergen.language.lookup import Lookup
from layergen.language.model import Arg
from layergen.limits import SEARCH_STEPS
from layergen.source.code import Code

MOST = 4
"""Branches that are sought, each by arguments of their own."""

THERE = "there"
"""What stands for a sublayer or a weight that is there, in conditions."""

FRACTIONS = (0.5, 0.25)
"""Numbers between those that conditions speak of: rates, most of all."""


class Goal(Protocol):
    """What some values of a layer's arguments bring about, and others do not."""

    @property
    def tests(self) -> list[ast.expr]:
        """What decides."""

    def runs(self, values: Mapping[str, Any], budget: Budget) -> bool | None:
        """Whether some values do; None where that cannot be worked out."""


class Branch(Struct, frozen=True):
    """Code that runs where each of its conditions holds, or does not."""

    conditions: tuple[Condition, ...]

    @property
    def tests(self) -> list[ast.expr]:
        """What decides."""
        return [test for test, _ in self.conditions]

    def runs(self, values: Mapping[str, Any], budget: Budget) -> bool | None:
        """Whether it does with some values; None where that cannot be worked out."""
        for test, holds in self.conditions:
            try:
                if bool(evaluate(test, values, budget)) is not holds:
                    return False
            except Unknown:
                return None
        return True


def further(
    lookup: Lookup, tried: Iterable[Sizes], given: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Arguments for each branch that none of the sizes tried so far comes to.

    What is `given` stays as it is. A branch that no values come to is left out.
    """
    budget = Budget(SEARCH_STEPS)
    seen = [with_parts(lookup, sizes.values) for sizes in tried]
    count = 0
    for branch in _branches(lookup):
        known = [branch.runs(values, budget) for values in seen]
        if count == MOST or True in known or None in known:
            continue
        found = arguments_for(lookup, branch, seen[0], given, budget)
        if found is not None:
            count += 1
            seen.append(with_parts(lookup, {**seen[0], **found}))
            yield found


def _branches(lookup: Lookup) -> Iterator[Branch]:
    """The branches of `forward` and of functions, and what is there only sometimes."""
    spec = lookup.spec
    for when in _conditions(lookup).values():
        yield Branch(((when.expression, True),))
        yield Branch(((when.expression, False),))
    for layer in spec.layers:
        yield from _inside(layer.make.expression, ())
    for code in (spec.forward, *(function.forward for function in spec.functions)):
        for statement in code.body:
            yield from _inside(statement, ())


def _inside(node: ast.AST, before: tuple[Condition, ...]) -> Iterator[Branch]:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            sides: tuple[list[Any], ...] = body, orelse
        case ast.IfExp(test=test, body=one, orelse=other):
            sides = [one], [other]
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _inside(child, before)
            return
    for holds, inner in zip((True, False), sides, strict=True):
        conditions = (*before, (test, holds))
        yield Branch(conditions)
        for part in inner:
            yield from _inside(part, conditions)


def with_parts(lookup: Lookup, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with what stands for sublayers and weights, None where one is not there."""
    found = {**values, **dict.fromkeys((*lookup.weights, *lookup.sublayers), THERE)}
    for name, when in _conditions(lookup).items():
        try:
            found[name] = THERE if evaluate(when.expression, values) else None
        except Unknown:
            del found[name]
    return found


def _conditions(lookup: Lookup) -> dict[str, Code]:
    """The weights and sublayers that are not always there, with when they are."""
    found = {one.name: one.when for one in lookup.spec.weights}
    found |= {one.name: one.when for one in lookup.spec.layers}
    return {name: when for name, when in found.items() if when is not None}


def arguments_for(
    lookup: Lookup,
    goal: Goal,
    values: Mapping[str, Any],
    given: Container[str],
    budget: Budget,
) -> dict[str, Any] | None:
    """Values of arguments with which a goal is reached, as few of them as do."""
    names = lookup.with_parts(_names(goal))
    for name, when in _conditions(lookup).items():
        if name in names:
            names |= lookup.reads(when)
    free = [n for n in lookup.args if n in names and n not in given]
    beside = [values[name] for name in names if type(values.get(name)) is int]
    numbers = [*_numbers(goal), *sorted(beside)]
    domains = [_values(lookup, lookup.args[name], numbers) for name in free]
    for count in range(1, len(free) + 1):
        for some in itertools.combinations(range(len(free)), count):
            for chosen in itertools.product(*(domains[index] for index in some)):
                picked = {free[i]: one for i, one in zip(some, chosen, strict=True)}
                tried = with_parts(lookup, {**values, **picked})
                if goal.runs(tried, budget):
                    return picked
                if budget.left <= 0:
                    return None
    return None


def _names(goal: Goal) -> set[str]:
    found = itertools.chain.from_iterable(map(ast.walk, goal.tests))
    return {node.id for node in found if isinstance(node, ast.Name)}


def _numbers(goal: Goal) -> Iterator[int | float]:
    """The numbers in what decides, and those beside them."""
    for test in goal.tests:
        for node in ast.walk(test):
            match node:
                case ast.Constant(value=int() | float() as number):
                    yield from (number - 1, number, number + 1)


def _values(lookup: Lookup, arg: Arg, numbers: list[int | float]) -> list[Any]:
    """Values to try for an argument: what it is compared with, and what its type allows."""
    bounds = lookup.bounds(arg)
    found: list[Any] = [*arg.type.varied(bounds)]
    if arg.type.is_number and not arg.type.is_flag:
        tried = [*FRACTIONS, *numbers, *INT_VALUES[:6]]
        fitting = [one for one in tried if type(one) is int or not arg.type.is_size]
        found += [one for one in fitting if bounds.admits(one)]
    if arg.type.optional:
        found.append(None)
    return found
