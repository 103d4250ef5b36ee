"""Slow and fragile patterns in code on tensors: the expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from layergen.forward.kinds import (
    ELEMENT,
    UNCERTAIN,
    Kind,
    merged,
    strongest,
)
from layergen.forward.slow import calls
from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.model import Spec
from layergen.source.code import Code
from layergen.source.dotted import dotted
from layergen.source.scopes import Comprehension, parameters

FLOAT16_MAX = 65504
SPREADING = ("tile", "repeat", "broadcast_to")
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class Expressions:
    """The kind of every expression, given the kinds of the names in sight."""

    def __init__(
        self, code: Code, kinds: dict[str, Kind], spec: Spec, context: Context
    ) -> None:
        self.code = code
        self.spec = spec
        self.kinds = kinds
        self.context = context
        self.arrays = {a.name for a in spec.args if a.type.is_tensor}
        self.silent = False

    def complain(self, code: str, node: ast.AST, message: str, hint: str = "") -> None:
        if not self.silent:
            self.context.add(code, self.code.place(node), message, hint)

    def quiet_kind(self, node: ast.expr) -> Kind:
        """The kind of something already looked at."""
        before, self.silent = self.silent, True
        kind = self.kind(node)
        self.silent = before
        return kind

    def kind(self, node: ast.expr) -> Kind:
        """The kind of an expression; what is wrong inside it is reported."""
        if isinstance(node, COMPREHENSIONS):
            return self.comprehension(node)
        visit = VISIT.get(type(node))
        if visit:
            return visit(self, node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.kind(child)
        return Kind.OTHER

    def load(self, node: ast.Name) -> Kind:
        return self.kinds.get(node.id, Kind.OTHER)

    def constant(self, node: ast.Constant) -> Kind:
        if isinstance(node.value, float) and FLOAT16_MAX < abs(node.value) < 1e400:
            self.overflow(node)
        return Kind.OTHER

    def overflow(self, node: ast.Constant) -> None:
        shown = ast.get_source_segment(self.code.text, node)
        message = f"`{shown}` is past float16's largest number, {FLOAT16_MAX}"
        hint = "a mask can be `ops.where(keep, x, 0)`, or -3e4 for logits"
        self.complain("LGW01", node, message, hint)

    def binary(self, node: ast.BinOp) -> Kind:
        left, right = self.kind(node.left), self.kind(node.right)
        for side, other in ((node.left, right), (node.right, left)):
            if isinstance(node.op, ARITHMETIC):
                self.spread(side)
            if other is Kind.TENSOR and isinstance(side, ast.Constant):
                if isinstance(side.value, int) and abs(side.value) > FLOAT16_MAX:
                    self.overflow(side)
        return strongest(left, right)

    def spread(self, side: ast.expr) -> None:
        if isinstance(side, ast.Call):
            owner, _, name = dotted(side.func).rpartition(".")
            if owner in ("ops", "keras.ops") and name in SPREADING:
                message = f"`ops.{name}` makes a copy that arithmetic does not need"
                hint = "broadcasting does it: `ops.expand_dims`, or leave it out"
                self.complain("LGW02", side, message, hint)

    def unary(self, node: ast.UnaryOp) -> Kind:
        if isinstance(node.op, ast.Not):
            self.condition(node.operand, "not")
            return Kind.OTHER
        return self.kind(node.operand)

    def boolean(self, node: ast.BoolOp) -> Kind:
        """`and` and `or` take the truth of every operand but the last."""
        word = "and" if isinstance(node.op, ast.And) else "or"
        for operand in node.values[:-1]:
            self.condition(operand, word)
        return self.kind(node.values[-1])

    def comparison(self, node: ast.Compare) -> Kind:
        kinds = [self.kind(one) for one in [node.left, *node.comparators]]
        if all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            return Kind.OTHER
        found = strongest(*kinds)
        if found not in (Kind.TENSOR, Kind.DYNAMIC, Kind.SIZE):
            return Kind.OTHER
        if len(node.ops) > 1 and found in UNCERTAIN:
            message = "a chain of comparisons takes the truth of a tensor"
            hint = "`ops.logical_and(low < x, x < high)`"
            self.complain("LG503", node, message, hint)
        return found

    def conditional(self, node: ast.IfExp) -> Kind:
        self.condition(node.test, "if")
        return merged(self.kind(node.body), self.kind(node.orelse))

    def condition(self, test: ast.expr, word: str) -> Kind:
        """An expression whose truth Python takes."""
        kind = self.kind(test)
        shown = clipped(ast.unparse(test))
        if kind is Kind.TENSOR:
            message = f"`{word}` on the value of a tensor, `{shown}`"
            hint = "compute both and choose: `ops.where(condition, a, b)`"
            self.complain("LG503", test, message, hint)
        elif kind is Kind.DYNAMIC:
            message = f"`{word}` on a size that may be known only when the layer runs, "
            hint = "decide by an argument, or use `ops.where` or `ops.cond`"
            self.complain("LG503", test, f"{message}`{shown}`", hint)
        return kind

    def while_test(self, test: ast.expr) -> None:
        if self.condition(test, "while") is Kind.SIZE:
            self.complain("LG501", test, "a Python loop over an axis", calls.LOOP)

    def subscript(self, node: ast.Subscript) -> Kind:
        kind = self.kind(node.value)
        self.kind(node.slice)
        if isinstance(node.slice, ast.Slice):
            return kind if kind is not Kind.RANGE else Kind.OTHER
        return ELEMENT.get(kind, Kind.OTHER)

    def attribute(self, node: ast.Attribute) -> Kind:
        kind = self.kind(node.value)
        if isinstance(node.value, ast.Name) and node.value.id in self.arrays:
            return Kind.TENSOR if node.attr == "T" else Kind.OTHER
        if node.attr == "shape":
            return Kind.SHAPE
        return Kind.TENSOR if kind is Kind.TENSOR and node.attr == "T" else Kind.OTHER

    def call(self, node: ast.Call) -> Kind:
        return calls.kind_of_call(self, node)

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Kind:
        kinds = [self.kind(item) for item in node.elts]
        has_tensors = Kind.TENSOR in kinds or Kind.TENSORS in kinds
        return Kind.TENSORS if has_tensors else Kind.OTHER

    def walrus(self, node: ast.NamedExpr) -> Kind:
        kind = self.kind(node.value)
        self.kinds[node.target.id] = kind
        return kind

    def function_value(self, node: ast.Lambda) -> Kind:
        outer = dict(self.kinds)
        self.kinds |= {one.arg: Kind.OTHER for one in parameters(node)}
        self.kind(node.body)
        self.kinds = outer
        return Kind.OTHER

    def comprehension(self, node: Comprehension) -> Kind:
        outer = dict(self.kinds)
        for generator in node.generators:
            self.bind_loop(
                generator.target, self.iterate(generator.iter), generator.iter
            )
            for condition in generator.ifs:
                self.condition(condition, "if")
        results = [node.value] if isinstance(node, ast.DictComp) else [node.elt]
        kinds = [self.kind(result) for result in results]
        if isinstance(node, ast.DictComp):
            self.kind(node.key)
        self.kinds = outer
        listed = isinstance(node, (ast.ListComp, ast.GeneratorExp))
        return Kind.TENSORS if listed and kinds == [Kind.TENSOR] else Kind.OTHER

    def iterate(self, iterated: ast.expr) -> Kind:
        """What a loop goes over, one item at a time, must not be a tensor's axis."""
        kind = self.kind(iterated)
        if kind in (Kind.TENSOR, Kind.RANGE):
            shown = clipped(ast.unparse(iterated))
            message = f"a Python loop over an axis of a tensor, `{shown}`"
            self.complain("LG501", iterated, message, calls.LOOP)
        return kind

    def bind_loop(self, target: ast.expr, kind: Kind, iterated: ast.expr) -> None:
        """Give a loop's targets their kinds: exact for lists, `enumerate` and `zip`."""
        if isinstance(target, ast.Name):
            self.kinds[target.id] = ELEMENT.get(kind, Kind.OTHER)
            return
        parts: list[Kind] = []
        if isinstance(iterated, ast.Call):
            name = dotted(iterated.func)
            inner = [ELEMENT.get(self.quiet_kind(a), Kind.OTHER) for a in iterated.args]
            parts = [Kind.OTHER, *inner[:1]] if name == "enumerate" else []
            parts = inner if name == "zip" else parts
        items = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        for index, item in enumerate(items):
            known = parts[index] if index < len(parts) else Kind.OTHER
            for name_ in ast.walk(item):
                if isinstance(name_, ast.Name):
                    self.kinds[name_.id] = known if name_ is item else Kind.OTHER


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
VISIT: dict[type[ast.expr], Callable[[Expressions, Any], Kind]] = {
    ast.Name: Expressions.load,
    ast.Constant: Expressions.constant,
    ast.BinOp: Expressions.binary,
    ast.UnaryOp: Expressions.unary,
    ast.BoolOp: Expressions.boolean,
    ast.Compare: Expressions.comparison,
    ast.IfExp: Expressions.conditional,
    ast.Subscript: Expressions.subscript,
    ast.Attribute: Expressions.attribute,
    ast.Call: Expressions.call,
    ast.List: Expressions.sequence,
    ast.Tuple: Expressions.sequence,
    ast.Set: Expressions.sequence,
    ast.NamedExpr: Expressions.walrus,
    ast.Lambda: Expressions.function_value,
}
