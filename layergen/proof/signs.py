"""Where a spec's code draws, tells training from inference, and assigns."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from layergen.example.reached import Condition
from layergen.keras_tables.parameters import Parameter
from layergen.language.evaluate import Budget, Unknown, evaluate
from layergen.proof.branches import Branch
from layergen.source.walk import nodes

RATES = ("rate", "stddev", "dropout", "recurrent_dropout")
"""Parameters of what draws; where all of them are 0, it draws nothing that shows."""


ASSIGNED = (ast.Assign, ast.AugAssign, ast.AnnAssign)


class Differs(Struct, frozen=True):
    """A test that comes out one way in training and another way at inference."""

    test: ast.expr
    before: Branch

    @property
    def tests(self) -> list[ast.expr]:
        """What decides."""
        return [self.test, *self.before.tests]

    def runs(self, values: Mapping[str, Any], budget: Budget) -> bool | None:
        """Whether it does with some values; None where that cannot be worked out."""
        reached = self.before.runs(values, budget)
        if reached is False:
            return False
        try:
            ways = [
                bool(evaluate(self.test, {**values, "training": flag}, budget))
                for flag in (True, False)
            ]
        except Unknown:
            return None
        return reached if ways[0] != ways[1] else False


def rates(call: ast.Call, parameters: Iterable[Parameter]) -> tuple[Condition, ...]:
    """The condition that what is drawn shows: one of the rates is not 0."""
    taken = [one for one in parameters if one.how in ("any", "name")]
    places = [one.name for one in taken if one.how == "any"]
    given = dict(zip(places, call.args, strict=False))
    given |= {one.arg: one.value for one in call.keywords if one.arg}
    rates = [
        given.get(one.name) or ast.parse(one.default or "None", mode="eval").body
        for one in taken
        if one.name in RATES
    ]
    return ((ast.BoolOp(ast.Or(), rates), True),) if rates else ()


def readers(node: ast.AST) -> list[ast.AST]:
    """Where `training` is read."""
    found = (n for n in nodes([node]) if isinstance(n, ast.Name))
    return [n for n in found if n.id == "training"]


def stored(node: ast.AST) -> list[ast.Name]:
    found = (n for n in nodes([node]) if isinstance(n, ast.Name))
    return [n for n in found if isinstance(n.ctx, ast.Store)]
