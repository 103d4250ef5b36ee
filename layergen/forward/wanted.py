"""What the code around a list or an array wants: a tensor, or what Python has."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from layergen.forward import operations
from layergen.forward.analyse import Forward
from layergen.forward.values import (
    Items,
    Many,
    Module,
    Nothing,
    Number,
    Tensor,
    Text,
    Value,
    listed,
    there,
)
from layergen.keras_tables.effects import OF_LISTS
from layergen.keras_tables.operations import Operation, op, random
from layergen.source.code import Code
from layergen.source.walk import children, nodes


def numbers_in(value: Value) -> Number | None:
    """What numbers a list holds, at any depth; None for what is no list of numbers."""
    found = listed(there(value))
    if found is None:
        return None
    element = there(found.element)
    return element if isinstance(element, Number) else numbers_in(element)


class Wanted(Struct, frozen=True, eq=False, dict=True):
    """What a piece of code wants of the lists and arrays that it reads."""

    analysis: Forward
    code: Code

    _followed: set[ast.AST] = field(default_factory=set)
    """The assignments to other names for something that are being followed."""

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {
            child: node for node in nodes(self.code.body) for child in children(node)
        }

    def tensor(self, node: ast.AST) -> bool:
        """Whether an expression stands where a tensor is wanted."""
        parent = self._parents.get(node)
        match parent:
            case None | ast.Starred() | ast.Attribute() | ast.Slice():
                return False
            case ast.For() | ast.comprehension() | ast.FormattedValue():
                return False
            case ast.If() | ast.While() | ast.Assert():
                return False
            case ast.Expr():
                return self.code.is_expression
            case ast.Subscript(value=value, slice=index):
                return self._item(node, parent, index) if node is value else True
            case ast.BinOp(left=one, right=other) | ast.AugAssign(
                target=one, value=other
            ):
                beside = other if node is one else one
                return self._is_array(node) or self._operand(parent.op, beside)
            case ast.Compare(left=left, ops=signs, comparators=others):
                plain = (ast.In, ast.NotIn, ast.Is, ast.IsNot)
                sides = [one for one in (left, *others) if one is not node]
                python = all(map(self._is_python, sides))
                python = python and not self._is_array(node)
                return not (isinstance(signs[0], plain) or python)
            case ast.UnaryOp(op=sign):
                return not isinstance(sign, ast.Not)
            case ast.IfExp(test=test):
                return node is not test and self.tensor(parent)
            case ast.BoolOp() | ast.List() | ast.Tuple():
                return self.tensor(parent)
            case ast.keyword(arg=name):
                call = self._parents[parent]
                assert isinstance(call, ast.Call)
                return self._argument(call, name)
            case ast.Call():
                return node is not parent.func and self._argument(parent, node)
            case ast.Assign(targets=[ast.Name(id=name)]):
                return self._alias(parent, name)
            case ast.Assign():
                return False
            case ast.NamedExpr(target=ast.Name(id=name)):
                return self._alias(parent, name) or self.tensor(parent)
        return True

    def _item(self, node: ast.AST, item: ast.Subscript, index: ast.expr) -> bool:
        """What stays of a list or an array is wanted as what it was taken of; a tensor
        picks from tensors alone."""
        if self._is_array(node) or isinstance(index, ast.Slice):
            return self.tensor(item)
        return not self._is_python(index)

    def _operand(self, sign: ast.operator, other: ast.expr) -> bool:
        """Python puts lists one behind the other and repeats them."""
        value = there(self._at(other))
        if isinstance(value, Number):
            whole = value.type in ("int", "bool")
            return not (isinstance(sign, ast.Mult) and whole)
        return not self._is_python(other)

    def _argument(self, call: ast.Call, which: ast.AST | str | None) -> bool:
        """Whether an argument, by its node or its name, is a tensor."""
        match there(self._at(call.func)):
            case Module(path=path):
                owner, _, name = path.rpartition(".")
                if owner in ("builtins", "math"):
                    return False
                if owner.startswith("keras.ops"):
                    if name in OF_LISTS and _says_dtype(call):
                        return False
                    return _takes_tensor(op(name), call, which)
                if owner == "keras.random":
                    return _takes_tensor(random(name), call, which)
        if isinstance(call.func, ast.Attribute):
            return not self._is_python(call.func.value)
        return True

    def _alias(self, binding: ast.AST, name: str) -> bool:
        """Whether a tensor is wanted somewhere of another name for it."""
        if binding in self._followed:
            return False
        self._followed.add(binding)
        found = any(
            self.tensor(node)
            for node in self._parents
            if isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Load)
        )
        self._followed.discard(binding)
        return found

    def _is_array(self, node: ast.AST) -> bool:
        return isinstance(there(self._at(node)), Tensor)

    def _is_python(self, node: ast.expr) -> bool:
        value = there(self._at(node))
        return isinstance(value, (Number, Items, Many, Text, Nothing))

    def _at(self, node: ast.AST) -> Value:
        assert isinstance(node, ast.expr)
        return self.analysis.at(node)


def _says_dtype(call: ast.Call) -> bool:
    """Whether a call of a function that makes tensors says of which dtype."""
    return len(call.args) > 1 or any(one.arg == "dtype" for one in call.keywords)


def _takes_tensor(
    found: Operation | None, call: ast.Call, which: ast.AST | str | None
) -> bool:
    """Whether a parameter of a function of Keras takes a tensor."""
    given: dict[str, Any] | None = None
    if found is not None:
        given = operations.bound(found, call)
    if found is None or given is None:
        return True
    names = {*found.tensors, found.several}
    if isinstance(which, str):
        return which in names
    for name, node in given.items():
        if node is which or isinstance(node, list) and which in node:
            return name in names
    return True
