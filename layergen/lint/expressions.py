"""Following `call` from top to bottom, with what each name holds: the expressions."""

from __future__ import annotations

import ast

from layergen.language.collector import clipped
from layergen.lint.evidence import compared_with_none, indexes, kept_alone
from layergen.lint.facts import LayerClass, Method, Misuse
from layergen.lint.keras_layers import ONE_TENSOR
from layergen.lint.kinds import (
    BATCHED,
    OTHER,
    SHAPED,
    SIZE,
    TENSOR,
    Kind,
    Value,
    is_computation,
    merged,
    result,
)
from layergen.lint.names import Names
from layergen.lint.walk import attribute_of

_CASTS = ("float", "int", "bool", "complex")
_NUMPY_OF_SHAPES = ("shape", "ndim", "result_type")


class Expressions:
    """What the expressions of one method are."""

    def __init__(self, layer: LayerClass, names: Names, method: Method) -> None:
        self.names, self.this = names, method.this
        self.values: dict[str, Value] = {}
        self.found: list[Misuse] = []
        self.weights = kept_alone(layer, {id(w.call) for w in layer.all_weights()})
        simple = [s for s in layer.all_sublayers() if s.short in ONE_TENSOR]
        self.layers = kept_alone(layer, {id(s.call) for s in simple})
        self.checked = compared_with_none(method)

    def complain(self, way: str, node: ast.AST, shown: ast.AST) -> None:
        self.found.append(Misuse(way, node, clipped(ast.unparse(shown))))

    def quietly(self, node: ast.expr) -> Value:
        """What an expression is that was followed already."""
        found = list(self.found)
        value = self.value(node)
        self.found = found
        return value

    def value(self, node: ast.expr) -> Value:
        """What an expression is; what is wrong in it is noted."""
        match node:
            case ast.Name(id=name):
                return self.values.get(name, OTHER)
            case ast.Attribute():
                return self.attribute(node)
            case ast.Subscript(value=owner, slice=index):
                return self.item(node, self.value(owner), index)
            case ast.Call():
                return self.call(node)
            case ast.BinOp(left=left, right=right):
                return _arithmetic(self.value(left), self.value(right))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.truth(operand)
                return OTHER
            case ast.UnaryOp(operand=operand):
                return self.value(operand)
            case ast.BoolOp(values=operands):
                for one in operands:
                    self.truth(one)
                return OTHER
            case ast.Compare():
                return self.compare(node)
            case ast.IfExp(test=test, body=body, orelse=other):
                self.truth(test)
                return merged(self.value(body), self.value(other))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.comprehension(node)
            case ast.Lambda() | ast.JoinedStr():
                pass
            case ast.NamedExpr(target=ast.Name(id=name), value=inner):
                self.values[name] = self.value(inner)
                return self.values[name]
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.value(child)
        return OTHER

    def attribute(self, node: ast.Attribute) -> Value:
        if kept := attribute_of(node, self.this):
            return TENSOR if kept in self.weights else OTHER
        owner = self.value(node.value)
        if node.attr == "shape" and owner.kind is Kind.BATCHED:
            return Value(Kind.SHAPE, node)
        return OTHER

    def item(self, node: ast.Subscript, owner: Value, index: ast.expr) -> Value:
        if not isinstance(index, ast.Slice):
            self.value(index)
        if owner.is_tensor:
            return TENSOR
        first = isinstance(index, ast.Constant) and index.value == 0
        match owner.kind, index:
            case Kind.SHAPE, ast.Slice(lower=None | ast.Constant(value=0)):
                return Value(Kind.SHAPE, node)
            case Kind.SHAPE, ast.Slice():
                return OTHER
            case Kind.SHAPE, _:
                return Value(Kind.BATCH, node) if first else SIZE
            case Kind.DYNAMIC_SHAPE, ast.Slice():
                return OTHER
            case Kind.DYNAMIC_SHAPE, _:
                return Value(Kind.DYNAMIC) if first else SIZE
        return OTHER

    def compare(self, node: ast.Compare) -> Value:
        sides = [node.left, *node.comparators]
        values = [self.value(one) for one in sides]
        by_value = all(
            isinstance(op, (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE))
            for op in node.ops
        )
        no_number = any(
            isinstance(one, ast.Constant) and isinstance(one.value, str | None)
            for one in sides
        )
        tensors = any(one.is_tensor for one in values)
        return TENSOR if by_value and tensors and not no_number else OTHER

    def truth(self, node: ast.expr) -> None:
        """A condition that Python decides by."""
        if self.value(node).is_tensor:
            self.complain("truth", node, node)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        outer = dict(self.values)
        for one in node.generators:
            self.iterated(one.iter, node)
            for name in ast.walk(one.target):
                if isinstance(name, ast.Name):
                    self.values[name.id] = OTHER
            for condition in one.ifs:
                self.truth(condition)
        if isinstance(node, ast.DictComp):
            self.value(node.key)
            self.value(node.value)
        else:
            self.value(node.elt)
        self.values = outer

    def iterated(self, node: ast.expr, loop: ast.AST) -> Value:
        """What a loop goes over; what an element of it is."""
        match node:
            case ast.Call(func=ast.Name(id="range"), args=sizes):
                values = [self.value(one) for one in sizes]
                if any(v.is_tensor or v.kind is Kind.DYNAMIC for v in values):
                    self.complain("loop", node, node)
                elif any(v.kind is Kind.SIZE for v in values) and indexes(loop):
                    self.complain("unrolled", node, node)
                self.batch_sizes(values)
                return OTHER
            case ast.Call(func=ast.Name(id="enumerate" | "zip"), args=parts):
                for one in parts:
                    self.iterated(one, loop)
                return OTHER
        if self.value(node).is_tensor:
            self.complain("loop", node, node)
        return OTHER

    def call(self, node: ast.Call) -> Value:
        name = self.names.resolve(node.func)
        arguments = [*node.args, *(one.value for one in node.keywords)]
        values = [self.value(_plain(one)) for one in arguments]
        head, _, last = name.rpartition(".")
        if is_computation(name):
            self.sizes(arguments, values, last)
            if name == "keras.backend.int_shape" and values[0].kind is Kind.BATCHED:
                return Value(Kind.SHAPE, node)
            return result(name)
        if head.partition(".")[0] == "numpy" and any(v.is_tensor for v in values):
            if last not in _NUMPY_OF_SHAPES:
                self.complain("numpy", node, node.func)
            return OTHER
        if head == "math" and any(v.is_tensor for v in values):
            self.complain("number", node, node)
            return OTHER
        return self.other_call(node, values)

    def other_call(self, node: ast.Call, values: list[Value]) -> Value:
        """Calls of builtins, of sublayers, and of methods of tensors."""
        first = values[0] if values else OTHER
        match node.func:
            case ast.Name(id="range"):
                self.batch_sizes(values)
            case ast.Name(id=name) if name in _CASTS and first.is_tensor:
                self.complain("number", node, node)
            case ast.Name(id="list" | "tuple") if first.kind is Kind.SHAPE:
                return first
            case ast.Attribute(value=owner, attr=method):
                if attribute_of(node.func, self.this) in self.layers:
                    several = any(
                        (one.arg or "return_").startswith("return_")
                        for one in node.keywords
                    )
                    kept = BATCHED if first.kind is Kind.BATCHED else TENSOR
                    return OTHER if several else kept
                return self.method(node, self.value(owner), method)
            case func if not isinstance(func, ast.Name):
                self.value(func)
        return OTHER

    def method(self, node: ast.Call, owner: Value, method: str) -> Value:
        if method == "numpy" and owner.is_tensor:
            self.complain("numpy", node, node.func)
        if method == "get_shape" and owner.kind is Kind.BATCHED:
            return Value(Kind.SHAPE, node)
        if method == "as_list" and owner.kind is Kind.SHAPE:
            return Value(Kind.SHAPE, node)
        return OTHER

    def sizes(
        self, arguments: list[ast.expr], values: list[Value], function: str
    ) -> None:
        """Sizes that a function on tensors is given."""
        for argument, value in zip(arguments, values, strict=True):
            inside = [value]
            if isinstance(argument, (ast.Tuple, ast.List)):
                inside = [self.quietly(_plain(one)) for one in argument.elts]
            elif isinstance(argument, ast.BinOp):
                inside = [self.quietly(one) for one in (argument.left, argument.right)]
            self.batch_sizes(inside)
            if function in SHAPED:
                for one in (value, *inside):
                    if one.kind is Kind.SHAPE and one.origin is not None:
                        self.batch(one.origin)

    def batch_sizes(self, values: list[Value]) -> None:
        for value in values:
            if value.kind is Kind.BATCH and value.origin is not None:
                self.batch(value.origin)

    def batch(self, origin: ast.expr) -> None:
        """A size that is None in a graph; code that asks for that knows it."""
        if not self.checked:
            self.complain("batch", origin, origin)


def _arithmetic(left: Value, right: Value) -> Value:
    kinds = {left.kind: left, right.kind: right}
    for kind in (Kind.BATCH, Kind.DYNAMIC, Kind.SIZE):
        if kind in kinds and not (left.is_tensor or right.is_tensor):
            return kinds[kind]
    return TENSOR if left.is_tensor or right.is_tensor else OTHER


def _plain(argument: ast.expr) -> ast.expr:
    return argument.value if isinstance(argument, ast.Starred) else argument
