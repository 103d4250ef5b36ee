"""Which code runs at some values of a spec's names, as far as that can be told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from layergen.example.sizes import Sizes
from layergen.language.evaluate import Budget, Unknown, evaluate
from layergen.language.model import Spec
from layergen.source.walk import nodes

JUMPS = (ast.Return, ast.Raise, ast.Break, ast.Continue)

Condition: TypeAlias = tuple[ast.expr, bool]
"""A test, and whether it must hold."""


class Reached(Struct, frozen=True, dict=True):
    """The code of a spec that surely runs at these sizes.

    A function's code does where every call of the function does.
    """

    spec: Spec
    sizes: Sizes

    def __contains__(self, node: object) -> bool:
        return node in self._nodes

    @cached_property
    def _nodes(self) -> set[ast.AST]:
        found = {*self._running(self.spec.forward.body)}
        bodies = {one.name: one.forward.body for one in self.spec.functions}
        everything = [self.spec.forward.body, *bodies.values()]
        waiting = dict(bodies)
        for _ in bodies:
            for name in [*waiting]:
                calls = [n for body in everything for n in _reads(body, name)]
                if calls and all(call in found for call in calls):
                    found |= {*self._running(waiting.pop(name))}
        return found

    def _running(self, body: list[ast.stmt]) -> Iterator[ast.AST]:
        for node, conditions in conditional(body, ()):
            if all(self._holds(*condition) for condition in conditions):
                yield node

    def _holds(self, test: ast.expr, wanted: bool) -> bool:
        try:
            return bool(evaluate(test, self.sizes.values, Budget())) is wanted
        except Unknown:
            return False


def _reads(body: list[ast.stmt], name: str) -> list[ast.AST]:
    return [n for n in nodes(body) if isinstance(n, ast.Name) and n.id == name]


def conditional(
    body: list[ast.stmt], conditions: tuple[Condition, ...]
) -> Iterator[tuple[ast.AST, tuple[Condition, ...]]]:
    """Each node of some statements, with the conditions under which it is come to."""
    for statement in body:
        yield from _within(statement, conditions)
        for node in nodes([statement]):
            if isinstance(node, ast.If):
                # What follows is come to where the way with a jump is not taken.
                for block, taken in ((node.body, True), (node.orelse, False)):
                    if any(isinstance(one, JUMPS) for one in nodes(block)):
                        conditions = (*conditions, (node.test, not taken))


def _within(
    node: ast.AST, conditions: tuple[Condition, ...]
) -> Iterator[tuple[ast.AST, tuple[Condition, ...]]]:
    yield node, conditions
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            yield from _within(test, conditions)
            yield from conditional(body, (*conditions, (test, True)))
            yield from conditional(orelse, (*conditions, (test, False)))
        case ast.While(test=test, body=body, orelse=orelse):
            yield from _within(test, conditions)
            yield from conditional(body, (*conditions, (test, True)))
            yield from conditional(orelse, conditions)
        case ast.For(target=target, iter=over, body=body, orelse=orelse):
            yield from _within(target, conditions)
            yield from _within(over, conditions)
            yield from conditional(body, conditions)
            yield from conditional(orelse, conditions)
        case ast.FunctionDef(body=body):
            yield from conditional(body, conditions)
        case ast.IfExp(test=test, body=one, orelse=other):
            yield from _within(test, conditions)
            yield from _within(one, (*conditions, (test, True)))
            yield from _within(other, (*conditions, (test, False)))
        case ast.BoolOp(op=op, values=values):
            for value in values:
                yield from _within(value, conditions)
                conditions = (*conditions, (value, isinstance(op, ast.And)))
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            tests = [test for one in node.generators for test in one.ifs]
            inner = (*conditions, *((test, True) for test in tests))
            for child in ast.iter_child_nodes(node):
                yield from _within(child, inner)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _within(child, conditions)
