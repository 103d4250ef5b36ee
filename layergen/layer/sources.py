"""Which of several sources the values in a piece of code may change smoothly with.

Rounding, comparing and counting are flat: no gradient passes, and none is meant to. What
is not certainly flat is taken to let a gradient through.

All sources are followed at once, each as one bit of a number.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from layergen.keras_tables.operations import op
from layergen.limits import FLOW_STEPS
from layergen.source.code import Code

Passing: TypeAlias = dict[str, tuple[int, ...] | None]
"""The parameters that a function lets through, by position; None for all that it gets."""

Live: TypeAlias = dict[str, int]

STATIC = frozenset(["dtype", "ndim", "shape"])


def sources(carried: int, names: Sequence[str]) -> tuple[int, ...]:
    """The positions of the names whose bits are set."""
    return tuple(index for index in range(len(names)) if carried >> index & 1)


class Flow:
    """Follows what the names of some code carry, and the values that it returns.

    `returned` has for each `return` what each of its values carries. Past `FLOW_STEPS`
    everything is taken to carry all sources.
    """

    def __init__(self, code: Code, names: Sequence[str], passing: Passing) -> None:
        self.passing = passing
        self.everything = (1 << len(names)) - 1
        self.returned: list[list[int]] = []
        self.steps = 0
        self.known: dict[tuple[int, frozenset[tuple[str, int]]], Live] = {}
        live = {name: 1 << index for index, name in enumerate(names)}
        if code.is_expression:
            self.block([ast.Return(value=code.expression)], live)
        else:
            self.block(code.body, live)

    def carried(self) -> int:
        """What is carried by anything that is returned."""
        found = 0
        for returned in self.returned:
            for carried in returned:
                found |= carried
        return found

    def block(self, body: list[ast.stmt], live: Live) -> Live:
        """What names carry after the statements."""
        for statement in body:
            live = self.statement(statement, live)
        return live

    def statement(self, node: ast.stmt, live: Live) -> Live:
        match node:
            case ast.Return(value=value) if value:
                parts = value.elts if isinstance(value, ast.Tuple) else [value]
                self.returned.append([self.carries(one, live) for one in parts])
                return live
            case ast.Assign(targets=targets, value=value):
                carried = self.carries(value, live)
                names = [name for target in targets for name in _stored(target)]
                return live | dict.fromkeys(names, carried)
            case ast.AugAssign(target=target, value=value):
                return _added(live, _stored(target), self.carries(value, live))
            case ast.If(body=then, orelse=other):
                return _joined(self.block(then, live), self.block(other, live))
            case ast.For():
                return self.loop(node, live)
            case ast.FunctionDef(name=name):
                return _added(live, [name], self.read(node, live)[1])
        read, carried = self.read(node, live)
        return _added(live, read, carried)

    def read(self, node: ast.stmt, live: Live) -> tuple[set[str], int]:
        """The names in a statement, and what any of them carries."""
        nodes = list(ast.walk(node))
        self.steps += len(nodes)
        names = {one.id for one in nodes if isinstance(one, ast.Name)}
        carried = 0
        for name in names:
            carried |= live.get(name, 0)
        return names, carried

    def loop(self, node: ast.For, live: Live) -> Live:
        """After any number of rounds; rounds from the same start are followed once."""
        start = id(node), frozenset(live.items())
        if start not in self.known:
            live = _added(live, _stored(node.target), self.carries(node.iter, live))
            while (after := _joined(live, self.block(node.body, live))) != live:
                live = after
            self.known[start] = live
        return self.known[start]

    def carries(self, node: ast.AST, live: Live) -> int:
        """What the value of an expression changes smoothly with."""
        self.steps += 1
        if self.steps > FLOW_STEPS:
            return self.everything
        match node:
            case ast.Name(id=name):
                return live.get(name, 0)
            case ast.Compare() | ast.BinOp(op=ast.FloorDiv()):
                return 0
            case ast.Attribute(attr=attribute) if attribute in STATIC:
                return 0
            case ast.Call(func=ast.Attribute(attr=attribute), args=args):
                if attribute == "full_like":
                    return self.any_of(args[1:], live)
                if _is_flat(attribute) or (attribute == "cast" and _to_integer(args)):
                    return 0
            case ast.Call(func=ast.Name(id=name), args=args) if name in self.passing:
                passed = self.passing[name]
                if passed is not None and all(index < len(args) for index in passed):
                    args = [args[index] for index in passed]
                return self.any_of(args, live)
        return self.any_of(ast.iter_child_nodes(node), live)

    def any_of(self, nodes: Iterable[ast.AST], live: Live) -> int:
        found = 0
        for node in nodes:
            found |= self.carries(node, live)
        return found


def _added(live: Live, names: Iterable[str], carried: int) -> Live:
    if not carried:
        return live
    return live | {name: live.get(name, 0) | carried for name in names}


def _joined(one: Live, other: Live) -> Live:
    return {n: one.get(n, 0) | other.get(n, 0) for n in dict.fromkeys([*one, *other])}


def _stored(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id


def _to_integer(args: list[ast.expr]) -> bool:
    """Whether a cast's dtype is written and no float."""
    dtype = args[1] if len(args) == 2 else None
    return isinstance(dtype, ast.Constant) and "float" not in str(dtype.value)


def _is_flat(name: str) -> bool:
    """Whether no gradient gets through a function of `keras.ops`."""
    found = op(name)
    return found is not None and (found.flat or found.returns == "static")
