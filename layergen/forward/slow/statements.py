"""Slow and fragile patterns in code on tensors: the statements.

The code is followed once from top to bottom, with the kind of every local name; what is
not certainly a tensor is never complained of.
"""

from __future__ import annotations

import ast

from layergen.forward.kinds import (
    ELEMENT,
    Kind,
    merged,
    strongest,
)
from layergen.forward.slow.expressions import Expressions
from layergen.forward.slow.vectorised import whole
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.model import Spec
from layergen.source.code import Code
from layergen.source.scopes import names_of, parameters

Environment = dict[str, Kind]


def check_slow(
    code: Code, kinds: dict[str, Kind], spec: Spec, context: Context
) -> None:
    """Report every such pattern in a piece of code."""
    _Flow(code, kinds, spec, context).block(code.body)


class _Flow(Expressions):
    """The statements of a piece of code, followed in order."""

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                kind = self.kind(value)
                for target in targets:
                    self.assign(target, kind, value)
            case ast.AnnAssign(target=target, value=value) if value:
                self.assign(target, self.kind(value), value)
            case ast.AugAssign(target=target, value=value):
                self.augment(target, self.kind(value))
            case ast.If(test=test, body=then, orelse=other):
                self.condition(test, "if")
                self.branches(then, other)
            case ast.While(test=test):
                self.while_test(test)
                self.branches(node.body, node.orelse)
            case ast.For(target=target, iter=iterated):
                kind = self.iterate(iterated)
                self.bind_loop(target, kind, iterated)
                self.branches(node.body, node.orelse)
            case ast.FunctionDef():
                self.function(node)
            case ast.With(body=body):
                self.block(body)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.kind(child)

    def assign(self, target: ast.expr, kind: Kind, value: ast.expr | None) -> None:
        match target:
            case ast.Name(id=name):
                self.kinds[name] = kind
            case ast.Starred(value=inner):
                rest = Kind.TENSORS if ELEMENT.get(kind) is Kind.TENSOR else Kind.OTHER
                self.assign(inner, rest, None)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                self.unpack(items, kind, value)
            case ast.Subscript():
                self.store(target, value)

    def unpack(self, items: list[ast.expr], kind: Kind, value: ast.expr | None) -> None:
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        starred = any(isinstance(one, ast.Starred) for one in [*items, *parts])
        paired = len(parts) == len(items) and not starred
        for index, item in enumerate(items):
            if paired:
                self.assign(item, self.quiet_kind(parts[index]), parts[index])
            elif isinstance(item, ast.Starred):
                self.assign(item, kind, None)
            else:
                self.assign(item, ELEMENT.get(kind, Kind.OTHER), None)

    def store(self, target: ast.Subscript, value: ast.expr | None) -> None:
        """An assignment to an item: of a list it is fine."""
        if self.kind(target.value) is Kind.TENSOR:
            shown = clipped(ast.unparse(target.value))
            message = f"assigning to items of the tensor `{shown}`"
            hint = "build it whole: `ops.where`, `ops.concatenate`, `ops.slice_update`"
            if vectorised := whole(target, value):
                hint = f"write it whole: `{clipped(vectorised)}`"
            self.complain("LG502", target, message, hint)
        self.kind(target.slice)

    def augment(self, target: ast.expr, kind: Kind) -> None:
        if isinstance(target, ast.Name):
            before = self.load(target)
            self.kinds[target.id] = strongest(before, kind)
        elif isinstance(target, ast.Subscript):
            self.store(target, None)

    def branches(self, then: list[ast.stmt], other: list[ast.stmt]) -> None:
        """What differs after two branches is uncertain."""
        before = dict(self.kinds)
        self.block(then)
        after_then, self.kinds = self.kinds, dict(before)
        self.block(other)
        names = set(after_then) | set(self.kinds)
        if _leaves(then) and not _leaves(other):
            return
        if _leaves(other) and not _leaves(then):
            self.kinds = after_then
            return
        self.kinds = {
            name: merged(
                after_then.get(name, self.kinds.get(name, Kind.OTHER)),
                self.kinds.get(name, after_then.get(name, Kind.OTHER)),
            )
            for name in names
        }

    def function(self, node: ast.FunctionDef) -> None:
        """A local function's parameters may be anything; it is called later."""
        outer = dict(self.kinds)
        self.kinds[node.name] = outer[node.name] = Kind.OTHER
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default:
                self.kind(default)
        inner = {one.arg for one in parameters(node)} | names_of(node.body).local
        self.kinds |= dict.fromkeys(inner, Kind.OTHER)
        self.block(node.body)
        self.kinds = outer


def _leaves(body: list[ast.stmt]) -> bool:
    last = body[-1] if body else None
    return isinstance(last, (ast.Return, ast.Break, ast.Continue, ast.Raise))
