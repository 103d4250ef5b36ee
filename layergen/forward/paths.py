"""What holds at a point of a piece of code, and where several ways to it meet."""

from __future__ import annotations

import ast
from collections.abc import Collection
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

Fact = tuple[str, bool]
"""A condition as text, and whether it holds."""

MAX_GIVEN = 16
"""How many conditions are remembered with what has a value where they hold."""


# What a condition is made of whose value is the same wherever it stands.
STEADY = (
    *(ast.Name, ast.Load, ast.Constant, ast.Compare, ast.cmpop, ast.BoolOp),
    *(ast.boolop, ast.UnaryOp, ast.unaryop, ast.BinOp, ast.operator),
    *(ast.Subscript, ast.Tuple, ast.List),
)
OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.IsNot: ast.Is,
    ast.NotEq: ast.Eq,
    ast.NotIn: ast.In,
}
STATIC = ("shape", "ndim", "dtype")


class State(Struct, frozen=True):
    """What holds at a point of the code.

    `bound` are the names that have a value, `facts` the conditions known to hold; `given`
    pairs further conditions with the names that have a value where those hold, and
    `excluded` are conditions that do not hold together.
    """

    bound: frozenset[str]
    facts: frozenset[Fact] = frozenset()
    given: tuple[tuple[frozenset[Fact], frozenset[str]], ...] = ()
    excluded: tuple[frozenset[Fact], ...] = ()

    def binding(self, *names: str) -> State:
        return replace(self, bound=self.bound | {*names})

    def knowing(self, facts: frozenset[Fact]) -> State:
        """The state where further conditions hold."""
        found = replace(self, facts=self.facts | facts)
        return replace(found, bound=found.under(frozenset()))

    def under(self, facts: frozenset[Fact]) -> frozenset[str]:
        """The names that have a value where these conditions hold as well."""
        known = self.facts | facts
        return self.bound.union(*(n for given, n in self.given if given <= known))

    def excludes(self, facts: frozenset[Fact]) -> bool:
        """Whether some of these conditions cannot hold here."""
        known = self.facts | facts
        apart = any((text, not holds) in self.facts for text, holds in facts)
        return apart or any(together <= known for together in self.excluded)

    def without(self, facts: frozenset[Fact]) -> State:
        """The state where some conditions do not hold together."""
        return replace(self, excluded=(*self.excluded, facts)[-MAX_GIVEN:])


Way = State | None
"""The state at a point of the code, None where no run comes."""


def joined(*ways: Way) -> Way:
    """What holds whichever of some ways a run took."""
    states = list(dict.fromkeys(state for state in ways if state is not None))
    if len(states) < 2:
        return states[0] if states else None
    names = frozenset.intersection(*(state.bound for state in states))
    conditions = _conditions(states)
    found = []
    for facts in conditions:
        sides = [s.under(facts) for s in states if not s.excludes(facts)]
        further = frozenset.intersection(*sides) if sides else frozenset()
        if further - names:
            found.append((facts, further))
    known = frozenset.intersection(*(state.facts for state in states))
    before = (facts for state in states for facts in state.excluded)
    excluded = [
        facts
        for facts in dict.fromkeys((*before, *conditions))
        if all(state.excludes(facts) for state in states)
    ]
    return State(names, known, tuple(found[-MAX_GIVEN:]), tuple(excluded)[-MAX_GIVEN:])


def _conditions(states: list[State]) -> list[frozenset[Fact]]:
    """The conditions to remember of ways that meet, the most telling last.

    These are what sets each way apart, condition by condition and as a whole, what was
    remembered before, and both together.
    """
    shared = frozenset.intersection(*(state.facts for state in states))
    own = [state.facts - shared for state in states]
    before = [[facts for facts, _ in state.given] for state in states]
    both = [f | new for given, new in zip(before, own, strict=True) for f in given]
    single = [frozenset({fact}) for new in own for fact in sorted(new)]
    return list(dict.fromkeys([*both, *chain(*before), *single, *own][::-1]))[::-1]


def facts(test: ast.expr, holds: bool, changing: Collection[str]) -> frozenset[Fact]:
    """What is known where a condition holds or not, if it is the same wherever it stands.

    `changing` are the names that may get other values.
    """
    if not all(_is_steady(node, changing) for node in ast.walk(test)):
        return frozenset()
    match test:
        case ast.BoolOp():
            return frozenset()
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return facts(operand, not holds, changing)
        case ast.Compare(left=left, ops=[op], comparators=others) if (
            type(op) in OPPOSITES
        ):
            test = ast.Compare(left, [OPPOSITES[type(op)]()], others)
            holds = not holds
    return frozenset({(ast.dump(test), holds)})


def _is_steady(node: ast.AST, changing: Collection[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name not in changing
        case ast.Attribute(attr=name):
            return name in STATIC
    return isinstance(node, STEADY)
