"""Arguments that bring a layer's code to branches which other values leave out."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

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

Condition = tuple[ast.expr, bool]


class Branch(Struct, frozen=True):
    """Code that runs where each of its conditions holds, or does not."""

    conditions: tuple[Condition, ...]

    @property
    def names(self) -> set[str]:
        found = (ast.walk(test) for test, _ in self.conditions)
        nodes = itertools.chain.from_iterable(found)
        return {node.id for node in nodes if isinstance(node, ast.Name)}

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
    seen = [_with_parts(lookup, sizes.values) for sizes in tried]
    count = 0
    for branch in _branches(lookup):
        known = [branch.runs(values, budget) for values in seen]
        if count == MOST or True in known or None in known:
            continue
        found = _arguments(lookup, branch, seen[0], given, budget)
        if found is not None:
            count += 1
            seen.append(_with_parts(lookup, {**seen[0], **found}))
            yield found


def _branches(lookup: Lookup) -> Iterator[Branch]:
    """The branches of `forward` and of functions, and what is there only sometimes."""
    spec = lookup.spec
    for when in _conditions(lookup).values():
        yield Branch(((when.expression, True),))
        yield Branch(((when.expression, False),))
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


def _with_parts(lookup: Lookup, values: Mapping[str, Any]) -> dict[str, Any]:
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


def _arguments(
    lookup: Lookup,
    branch: Branch,
    values: Mapping[str, Any],
    given: Mapping[str, Any],
    budget: Budget,
) -> dict[str, Any] | None:
    """Values of arguments with which a branch runs, as few of them as do."""
    names = lookup.with_parts(branch.names)
    for name, when in _conditions(lookup).items():
        if name in names:
            names |= lookup.reads(when)
    free = [n for n in lookup.args if n in names and n not in given]
    domains = [_values(lookup, lookup.args[name], branch) for name in free]
    for count in range(1, len(free) + 1):
        for some in itertools.combinations(range(len(free)), count):
            for chosen in itertools.product(*(domains[index] for index in some)):
                picked = {free[i]: one for i, one in zip(some, chosen, strict=True)}
                tried = _with_parts(lookup, {**values, **picked})
                if branch.runs(tried, budget):
                    return picked
                if budget.left <= 0:
                    return None
    return None


def _numbers(branch: Branch) -> Iterator[int | float]:
    """The numbers in a branch's conditions, and those beside them."""
    for test, _ in branch.conditions:
        for node in ast.walk(test):
            match node:
                case ast.Constant(value=int() | float() as number):
                    yield from (number - 1, number, number + 1)


def _values(lookup: Lookup, arg: Arg, branch: Branch) -> list[Any]:
    """Values to try for an argument: what it is compared with, and what its type allows."""
    bounds = lookup.bounds(arg)
    found: list[Any] = [*arg.type.varied(bounds)]
    if arg.type.is_number and not arg.type.is_flag:
        tried = [*_numbers(branch), *INT_VALUES[:6]]
        fitting = [one for one in tried if type(one) is int or not arg.type.is_size]
        found += [one for one in fitting if bounds.admits(one)]
    if arg.type.optional:
        found.append(None)
    return found
