"""Following `call` from top to bottom, with what each name holds: the statements.

What is not certainly a tensor is never complained of.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from layergen.lint.evidence import inputs, parts_of_inputs, single_masks, single_tensors
from layergen.lint.expressions import Expressions
from layergen.lint.facts import LayerClass, Method, Misuse
from layergen.lint.kinds import BATCHED, OTHER, SIZE, TENSOR, Kind, Value, merged
from layergen.lint.names import Names


def misuses(layer: LayerClass, names: Names) -> Iterator[Misuse]:
    """Python on tensors in what runs at every call of a layer."""
    for name in sorted(layer.only_in_call & layer.own.keys()):
        method = layer.own[name]
        flow = _Flow(layer, names, method)
        if name == "call":
            flow.values |= _given(method, names)
            flow.inputs, flow.parts = inputs(method), parts_of_inputs(method, names)
        flow.block(method.node.body)
        yield from flow.found


def _given(method: Method, names: Names) -> dict[str, Value]:
    found = dict.fromkeys(single_tensors(method, names), BATCHED)
    return found | dict.fromkeys(single_masks(method), TENSOR)


class _Flow(Expressions):
    """The statements of a method, followed in order.

    `parts` are the names that take one of several `inputs`.
    """

    inputs: set[str] = set()
    parts: set[str] = set()
    foreseeing = False

    def block(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                kept = self.value(value)
                for target in targets:
                    self.assign(target, kept, value)
            case ast.AnnAssign(target=target, value=value) if value:
                self.assign(target, self.value(value), value)
            case ast.AugAssign(target=target, value=value):
                self.augment(target, self.value(value))
            case ast.If(test=test, body=body, orelse=other):
                self.truth(test)
                self.branches(body, other)
            case ast.While(test=test, body=body):
                self.truth(test)
                self.loop(None, OTHER, body)
            case ast.For(target=target, iter=iterated, body=body, orelse=other):
                self.loop(target, self.iterated(iterated, node), body)
                self.block(other)
            case ast.With(body=body):
                self.block(body)
            case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=last):
                self.block(body)
                for handler in handlers:
                    self.branches(handler.body, [])
                self.block([*other, *last])
            case ast.FunctionDef():
                self.function(node)
            case ast.Assert(test=test):
                self.truth(test)
            case ast.Raise() | ast.ClassDef():
                pass
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.value(child)

    def assign(self, target: ast.expr, value: Value, written: ast.expr | None) -> None:
        match target:
            case ast.Name(id=name):
                part = isinstance(written, ast.Subscript) and value is OTHER
                self.values[name] = self.part(name, written) if part else value
            case ast.Tuple(elts=items) | ast.List(elts=items):
                parts = written.elts if isinstance(written, ast.Tuple) else []
                paired = len(parts) == len(items)
                for index, item in enumerate(items):
                    if paired:
                        self.assign(item, self.quietly(parts[index]), parts[index])
                    else:
                        kept = self.unpacked(value, index, item, written)
                        self.assign(item, kept, None)
            case ast.Starred(value=inner):
                self.assign(inner, OTHER, None)
            case ast.Subscript(value=owner):
                self.store(target, owner)

    def unpacked(
        self, value: Value, index: int, item: ast.expr, written: ast.expr | None
    ) -> Value:
        if value.kind is Kind.SHAPE:
            return Value(Kind.BATCH, written) if index == 0 else SIZE
        return self.part(item.id, written) if isinstance(item, ast.Name) else OTHER

    def part(self, name: str, written: ast.expr | None) -> Value:
        """What a name holds that takes one of several inputs."""
        owner = written.value if isinstance(written, ast.Subscript) else written
        of_inputs = isinstance(owner, ast.Name) and owner.id in self.inputs
        return BATCHED if of_inputs and name in self.parts else OTHER

    def store(self, target: ast.Subscript, owner: ast.expr) -> None:
        if self.value(owner).is_tensor:
            self.complain("items", target, owner)
        self.value(target.slice)

    def augment(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            before = self.values.get(target.id, OTHER)
            if not before.is_tensor:
                self.values[target.id] = TENSOR if value.is_tensor else OTHER
        elif isinstance(target, ast.Subscript):
            self.store(target, target.value)

    def branches(self, body: list[ast.stmt], other: list[ast.stmt]) -> None:
        before = dict(self.values)
        self.block(body)
        after, self.values = self.values, before
        self.block(other)
        if _leaves(body):
            return
        if _leaves(other):
            self.values = after
            return
        self.values = {
            name: merged(after.get(name, OTHER), self.values.get(name, OTHER))
            for name in {*after, *self.values}
        }

    def loop(self, target: ast.expr | None, value: Value, body: list[ast.stmt]) -> None:
        """A loop's body, knowing what its last round may have left.

        That is looked for once, not again in the loops inside.
        """
        if not self.foreseeing:
            before, found = dict(self.values), list(self.found)
            self.foreseeing = True
            if target is not None:
                self.assign(target, value, None)
            self.branches(body, [])
            self.foreseeing = False
            self.values = {
                name: merged(value, self.values.get(name, value))
                for name, value in before.items()
            }
            self.found = found
        if target is not None:
            self.assign(target, value, None)
        self.branches(body, [])

    def function(self, node: ast.FunctionDef) -> None:
        """An inner function, whose parameters may be anything."""
        outer = dict(self.values)
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        given += [one for one in (node.args.vararg, node.args.kwarg) if one]
        self.values |= dict.fromkeys((one.arg for one in given), OTHER)
        self.values[node.name] = OTHER
        self.block(node.body)
        self.values = {**outer, node.name: OTHER}


def _leaves(body: list[ast.stmt]) -> bool:
    last = body[-1] if body else None
    return isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break))
