"""Whom a gradient can reach: what forward reads in another way than by comparing.

Rounding, comparing and counting are flat: no gradient passes, and none is meant to. What
is not certainly flat is taken to let a gradient through.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.operations import op
from layergen.language.model import Code, Function
from layergen.layer.facts import Facts

STATIC = frozenset(["dtype", "ndim", "shape"])


def unreached_inputs(facts: Facts) -> tuple[str, ...]:
    """The float inputs from which no gradient can come out of a float output."""
    return tuple(
        tensor.name
        for tensor in facts.spec.inputs
        if not _is_discrete(tensor.dtype) and not _reaches(facts, tensor.name)
    )


def has_no_gradient(facts: Facts) -> bool:
    """Whether a gradient is stopped on purpose, or nothing can get one."""
    codes = [facts.spec.forward, *(f.forward for f in facts.spec.functions)]
    if any(_stops(code) for code in codes):
        return True
    floats = [t.name for t in facts.spec.inputs if not _is_discrete(t.dtype)]
    weights = [weight.name for weight in facts.spec.weights if weight.trainable]
    given = facts.spec.layers or any(a.type.name == "Layer" for a in facts.spec.args)
    return (
        bool(floats)
        and not given
        and not any(_reaches(facts, name) for name in [*floats, *weights])
    )


def _is_discrete(dtype: str | None) -> bool:
    return dtype is not None and "float" not in dtype


def _stops(code: Code) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "stop_gradient"
        for statement in code.body
        for node in ast.walk(statement)
    )


def _reaches(facts: Facts, name: str) -> bool:
    """Whether a float output may change smoothly with what has this name."""
    discrete = [_is_discrete(output.dtype) for output in facts.spec.outputs or ()]
    flow = _Flow({f.name: f for f in facts.spec.functions})
    flow.run(facts.spec.forward, {name})
    return any(
        carried
        for returned in flow.returned
        for carried, flat in zip(
            returned,
            discrete if len(discrete) == len(returned) else [False] * len(returned),
            strict=True,
        )
        if not flat
    )


class _Flow:
    """Follows which names carry a gradient, and whether the returned values do."""

    def __init__(self, functions: dict[str, Function]) -> None:
        self.functions = functions
        self.returned: list[list[bool]] = []

    def run(self, code: Code, live: set[str]) -> None:
        """Follows a piece of code, the value of an expression as what it returns."""
        match code.body:
            case [ast.Expr(value=value)] if code.is_expression:
                self.block([ast.Return(value=value)], live)
            case body:
                self.block(body, live)

    def block(self, body: list[ast.stmt], live: set[str]) -> set[str]:
        """The names that carry a gradient after the statements."""
        for statement in body:
            live = self.statement(statement, live)
        return live

    def statement(self, node: ast.stmt, live: set[str]) -> set[str]:
        match node:
            case ast.Return(value=value) if value:
                parts = value.elts if isinstance(value, ast.Tuple) else [value]
                self.returned.append([self.carries(one, live) for one in parts])
                return live
            case ast.Assign(targets=targets, value=value):
                names = {name for target in targets for name in _stored(target)}
                return live | names if self.carries(value, live) else live - names
            case ast.AugAssign(target=target, value=value):
                names = set(_stored(target))
                return live | names if self.carries(value, live) else live
            case ast.If(body=then, orelse=other):
                return self.block(then, live) | self.block(other, live)
            case ast.For(target=target, iter=iterated, body=body):
                if self.carries(iterated, live):
                    live = live | set(_stored(target))
                for _ in range(2):
                    live = live | self.block(body, live)
                return live
            case ast.FunctionDef(name=name):
                read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                return live | {name} if read & live else live
        read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        return live | read if read & live else live

    def carries(self, node: ast.AST, live: set[str]) -> bool:
        """Whether the value of an expression changes smoothly with a live name."""
        match node:
            case ast.Name(id=name):
                return name in live
            case ast.Compare() | ast.BinOp(op=ast.FloorDiv()):
                return False
            case ast.Attribute(attr=attribute) if attribute in STATIC:
                return False
            case ast.Call(func=ast.Attribute(attr=attribute), args=args):
                if attribute == "full_like":
                    return any(self.carries(one, live) for one in args[1:])
                if _is_flat(attribute) or (attribute == "cast" and _to_integer(args)):
                    return False
            case ast.Call(func=ast.Name(id=name), args=args) if name in self.functions:
                return self.called(self.functions[name], args, live)
        return any(self.carries(one, live) for one in ast.iter_child_nodes(node))

    def called(self, function: Function, args: list[ast.expr], live: set[str]) -> bool:
        """Whether what one of the spec's functions returns carries a gradient."""
        carried = [self.carries(one, live) for one in args]
        if function.gradient or len(args) != len(function.args):
            return any(carried)
        inner = _Flow(self.functions)
        pairs = zip(function.args, carried, strict=True)
        inner.run(function.forward, {name for name, one in pairs if one})
        return any(one for returned in inner.returned for one in returned)


def _is_flat(name: str) -> bool:
    """Whether no gradient gets through a function of `keras.ops`."""
    found = op(name)
    return found is not None and (found.flat or found.returns == "static")


def _stored(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id


def _to_integer(args: list[ast.expr]) -> bool:
    """Whether a cast's dtype is written and no float."""
    dtype = args[1] if len(args) == 2 else None
    return isinstance(dtype, ast.Constant) and "float" not in str(dtype.value)
