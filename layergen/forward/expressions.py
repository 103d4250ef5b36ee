"""What each kind of expression may be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from layergen.forward import arithmetic, calls, keras_calls, methods, modules, shapes
from layergen.forward.findings import Reader
from layergen.forward.late import Late
from layergen.forward.methods import element
from layergen.forward.subscripts import subscript
from layergen.forward.values import (
    NOWHERE,
    UNKNOWN,
    DType,
    Either,
    Function,
    Items,
    Layer,
    Many,
    Maybe,
    Module,
    Nothing,
    Number,
    SpecFunction,
    Tensor,
    Text,
    Unknown,
    Value,
    fits,
    joined,
    like_any,
    listed,
    there,
    through,
)


def value(reader: Reader, node: ast.expr) -> Value:
    """What an expression may be; everything in it is looked at."""
    visit = VISIT.get(type(node))
    if visit is not None:
        return visit(reader, node)
    smooth = NOWHERE
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            smooth |= through(reader.value(child))
    return Unknown(smooth)


def truth(value: Value) -> bool | None:
    """Whether Python takes a value for true, None where that is not known."""
    match value:
        case Nothing():
            return False
        case Number(value=bool() | int() | float() as known):
            return bool(known)
        case Layer() | Function() | SpecFunction() | Module():
            return True
        case Items(items=items) if shapes.REST not in items:
            return bool(items)
        case Text(value=str() as text):
            return bool(text)
        case Many(some=True):
            return True
    return None


def _constant(reader: Reader, node: ast.Constant) -> Value:
    match node.value:
        case None:
            return Nothing()
        case bool() | int() | float() as number:
            return Number(type(number).__name__, number)
        case str() as text:
            return Text(text)
    return UNKNOWN


def _name(reader: Reader, node: ast.Name) -> Value:
    return reader.lookup(node.id)


def _sequence(reader: Reader, node: ast.Tuple | ast.List) -> Value:
    items: list[Any] = []
    sure, late = True, Late.NEVER
    for part in node.elts:
        if isinstance(part, ast.Starred):
            inner = reader.value(part.value)
            sure = sure and isinstance(inner, Items)
            late = max(late, inner.late if isinstance(inner, Items) else Late.NEVER)
            items += inner.items if isinstance(inner, Items) else [element(inner)]
        else:
            items.append(reader.value(part))
    if sure and items.count(shapes.REST) < 2 and fits(items):
        return Items(tuple(items), late)
    rest = Number("int", None, late)
    known: list[Value] = [rest if one is shapes.REST else one for one in items]
    length = len(known) if sure and shapes.REST not in items else None
    return Many(like_any(known), length, bool(length))


def _binary(reader: Reader, node: ast.BinOp) -> Value:
    left, right = reader.value(node.left), reader.value(node.right)
    return binary(reader, node, left, right, node.left, node.right)


def binary(
    reader: Reader,
    node: ast.BinOp | ast.AugAssign,
    left: Value,
    right: Value,
    left_node: ast.expr | None,
    right_node: ast.expr | None,
) -> Value:
    """What an operator gives; `@` is `ops.matmul`."""
    nodes = (left_node, right_node)
    if isinstance(node.op, ast.MatMult):
        return keras_calls.operation(reader, node, "matmul", [left, right], {}, nodes)
    return arithmetic.combined(reader, node, node.op, (left, right), nodes)


def _unary(reader: Reader, node: ast.UnaryOp) -> Value:
    operand = there(reader.value(node.operand))
    if isinstance(node.op, ast.Not):
        known = truth(operand)
        return Number("bool", None if known is None else not known)
    match operand:
        case Number(value=number):
            if isinstance(node.op, ast.USub) and number is not None:
                return replace(operand, value=-number)
            kept = number if isinstance(node.op, ast.UAdd) else None
            return replace(operand, value=kept)
        case Tensor():
            if isinstance(node.op, ast.Invert):
                return Tensor(operand.shape, arithmetic.of_bits(operand))
            return operand
    return Unknown(through(operand))


def _boolean(reader: Reader, node: ast.BoolOp) -> Value:
    """The last operand or one before it that decides."""
    found: Value | None = None
    for one in node.values:
        operand = reader.value(one)
        holds = truth(operand)
        if holds is isinstance(node.op, ast.And) and one is not node.values[-1]:
            continue
        before, found = found, operand if found is None else joined(found, operand)
        if holds is isinstance(node.op, ast.Or):
            return _decided(before, operand) or found
    return UNKNOWN if found is None else found


def _decided(before: Value | None, last: Value) -> Value | None:
    """What numbers give of which the last decides: of `and` a 0, of `or` of bools True."""
    match before, last:
        case Number(type="bool"), Number(type="bool"):
            return last
        case Number(), Number(value=value) if not value:
            return Number("", 0)
    return None


def _comparison(reader: Reader, node: ast.Compare) -> Value:
    sides = [node.left, *node.comparators]
    values = [reader.value(one) for one in sides]
    if len(node.ops) > 1:
        return Number("bool") if _all_numbers(values) else UNKNOWN
    [op] = node.ops
    one, other = values
    if isinstance(op, (ast.Is, ast.IsNot)):
        return Number("bool", _is(op, one, other))
    if isinstance(op, (ast.In, ast.NotIn)):
        return Number("bool")
    match one, other:
        case Text(value=str() as left), Text(value=str() as right):
            equal = left == right
            known = equal is isinstance(op, ast.Eq)
            return Number(
                "bool", known if isinstance(op, (ast.Eq, ast.NotEq)) else None
            )
        case (Tensor() | Number() | Maybe(), Tensor() | Number() | Maybe()):
            return arithmetic.combined(
                reader, node, op, (one, other), (sides[0], sides[1])
            )
        case (Either(), Text() | Number()) | (Text() | Number(), Either()):
            return Number("bool")
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        return Tensor(None, "bool")
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return UNKNOWN
    return Number("bool")


def _all_numbers(values: list[Value]) -> bool:
    return all(isinstance(one, Number) for one in values)


def _is(op: ast.Is | ast.IsNot, one: Value, other: Value) -> bool | None:
    """Whether something is None, where that is sure."""
    if not isinstance(other, Nothing) or isinstance(one, (Maybe, Unknown)):
        return None
    return isinstance(one, Nothing) is isinstance(op, ast.Is)


def _conditional(reader: Reader, node: ast.IfExp) -> Value:
    holds = truth(reader.value(node.test))
    if holds is not None:
        return reader.value(node.body if holds else node.orelse)
    return reader.either(node.test, node.body, node.orelse)


def _attribute(reader: Reader, node: ast.Attribute) -> Value:
    owner = there(reader.value(node.value))
    match owner:
        case Module(path=path):
            return modules.of_path(f"{path}.{node.attr}")
        case Tensor(shape=shape, dtype=dtype):
            if node.attr == "shape":
                return methods.shape_value(shape, reader.late)
            if node.attr == "dtype":
                return DType(dtype)
            if node.attr == "ndim":
                return Number("int", shapes.rank(shape))
            methods.unknown_attribute(reader, node, owner)
            return Unknown(owner.through)
    return Unknown(through(owner))


def _call(reader: Reader, node: ast.Call) -> Value:
    return calls.call(reader, node)


def _lambda(reader: Reader, node: ast.Lambda) -> Value:
    return reader.function(node)


def _comprehension(
    reader: Reader, node: ast.ListComp | ast.GeneratorExp | ast.SetComp
) -> Value:
    source = node.generators[0]
    [element] = reader.comprehension(node.generators, [node.elt])
    over = listed(reader.found.values.get(source.iter, UNKNOWN))
    if len(node.generators) == 1 and not source.ifs and over is not None:
        return Many(element, over.length, over.some)
    return Many(element)


def _dictionary(reader: Reader, node: ast.DictComp) -> Value:
    reader.comprehension(node.generators, [node.key, node.value])
    return UNKNOWN


def _walrus(reader: Reader, node: ast.NamedExpr) -> Value:
    found = reader.value(node.value)
    reader.bind(node.target, found)
    return found


def _joined_text(reader: Reader, node: ast.JoinedStr) -> Value:
    for one in node.values:
        if isinstance(one, ast.FormattedValue):
            reader.value(one.value)
    return Text()


VISIT: dict[type[ast.expr], Callable[[Reader, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Tuple: _sequence,
    ast.List: _sequence,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _comparison,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: subscript,
    ast.Call: _call,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _dictionary,
    ast.NamedExpr: _walrus,
    ast.JoinedStr: _joined_text,
}
