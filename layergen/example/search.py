"""The search for values of a spec's names that break none of its requirements."""

from __future__ import annotations

import ast
from collections import ChainMap, Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from layergen.language.dims import closure, names_in
from layergen.language.evaluate import Budget, Failed, Unknown, evaluate
from layergen.language.lookup import Lookup
from layergen.language.model import Derived
from layergen.limits import SEARCH_STEPS


class Search:
    """Values for the free names, in the order of their domains.

    A requirement is looked at when a name gets its value that it rests on, by itself or
    through derived values. The work is counted over the whole of a search; `budget` has
    no steps left where it was given up.
    """

    def __init__(self, lookup: Lookup, named: dict[str, Any]) -> None:
        self.named = named
        self.budget = Budget(SEARCH_STEPS)
        self.resting: dict[str, list[tuple[ast.expr, list[Derived]]]] = {}
        for requirement in lookup.spec.require:
            condition = requirement.condition.expression
            names = closure(lookup.spec, names_in(condition))
            derived = [one for one in lookup.spec.derived if one.name in names]
            for name in names:
                self.resting.setdefault(name, []).append((condition, derived))

    def assignments(
        self, free: Mapping[str, tuple[int, ...]], distinct: bool
    ) -> Iterator[dict[str, int]]:
        """Every choice of one value for each name, as long as there are steps left.

        Values that no other name has come first, and are the only ones where `distinct`.
        """
        names = list(free)
        if distinct and len(names) > len({*chain.from_iterable(free.values())}):
            return
        chosen: dict[str, int] = {}
        used: Counter[int] = Counter()
        tried = [iter(free[name]) for name in names[:1]]
        if not names:
            yield chosen
        while tried:
            name = names[len(tried) - 1]
            if name in chosen:
                used[chosen.pop(name)] -= 1
            value = next(tried[-1], None)
            if value is None:
                tried.pop()
                continue
            if not self._step():
                return
            if distinct and used[value]:
                continue
            chosen[name] = value
            used[value] += 1
            if not self._is_possible(name, chosen):
                continue
            if len(chosen) == len(names):
                yield dict(chosen)
            else:
                domain = free[names[len(tried)]]
                tried.append(iter(sorted(domain, key=lambda n: used[n] > 0)))

    def _step(self) -> bool:
        self.budget.left -= self.budget.left > 0
        return self.budget.left > 0

    def _is_possible(self, name: str, chosen: dict[str, int]) -> bool:
        """Whether no requirement that rests on a name is broken."""
        values: ChainMap[str, Any] = ChainMap(chosen, self.named)
        for condition, derived in self.resting.get(name, ()):
            try:
                known = with_derived(derived, values, self.budget)
                if not evaluate(condition, known, self.budget):
                    return False
            except Failed:
                return False
            except Unknown:
                continue
        return True


def with_derived(
    derived: Iterable[Derived], values: Mapping[str, Any], budget: Budget
) -> Mapping[str, Any]:
    """Values with the derived ones that follow from them."""
    found: dict[str, Any] = {}
    known = ChainMap(found, values)  # type: ignore[arg-type]
    for one in derived:
        try:
            found[one.name] = evaluate(one.code.expression, known, budget)
        except Unknown:
            continue
    return known
