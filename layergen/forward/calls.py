"""What calls give: of `keras.ops`, of sublayers, of functions, of Python's builtins."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from layergen.forward import (
    builtins,
    higher,
    keras_calls,
    methods,
    modules,
    operations,
    result_shapes,
)
from layergen.forward.findings import LayerCall, Reader
from layergen.forward.values import (
    COMPUTE,
    NOWHERE,
    OPEN,
    UNKNOWN,
    Function,
    Layer,
    Module,
    Nothing,
    SpecFunction,
    Tensor,
    Unknown,
    Value,
    is_float,
    there,
    through,
)
from layergen.keras_tables.names import KEEPING
from layergen.keras_tables.operations import image, op, random


def call(reader: Reader, node: ast.Call) -> Value:
    """What a call gives; its arguments are looked at."""
    callee = there(reader.value(node.func))
    match callee:
        case Module(path=path) if path.startswith("keras.ops."):
            return _of_ops(reader, node, path.removeprefix("keras.ops."))
        case Module(path=path) if path.startswith("keras.random."):
            return _of_random(reader, node, path.removeprefix("keras.random."))
    given = [_argument(reader, one) for one in node.args]
    named = {one.arg or "**": reader.value(one.value) for one in node.keywords}
    match callee:
        case Module(path=path):
            return _of_module(reader, node, path, given, named)
        case Layer():
            return _of_layer(reader, node, callee, given, named)
        case SpecFunction(name=name):
            if any(isinstance(one, ast.Starred) for one in node.args):
                given = []
            return reader.call_spec_function(name, given, named)
        case Function():
            if any(isinstance(one, ast.Starred) for one in node.args):
                given = []
            return reader.call_function(callee, given, named)
    if isinstance(node.func, ast.Attribute):
        found = methods.of_list(reader, node.func, given)
        found = found or methods.of_tensor(reader, node.func)
        if found is not None:
            return found
    values = [*given, *named.values()]
    return Unknown(_all_through([callee, *values]) | builtins.handed(reader, values))


def _argument(reader: Reader, node: ast.expr) -> Value:
    if isinstance(node, ast.Starred):
        return Unknown(through(reader.value(node.value)))
    return reader.value(node)


def _all_through(values: list[Value]) -> frozenset[str]:
    return NOWHERE.union(*map(through, values))


def _of_ops(reader: Reader, node: ast.Call, path: str) -> Value:
    """A function of `keras.ops`, or of one of its modules."""
    owner, _, name = path.rpartition(".")
    if owner not in ("", "numpy", "nn", "math", "linalg", "core", "image"):
        return _unknown_call(reader, node)
    found = image(name) if owner == "image" else op(name)
    if found is None:
        return _unknown_call(reader, node)
    nodes = operations.bound(found, node)
    if nodes is None:
        return _unknown_call(reader, node)
    given = _values(reader, nodes)
    for one in found.tensors:
        if one in given:
            given[one] = _tensor_of_list(reader, nodes[one], given[one])
    if reader.looping:
        reader.found.looped[node] = None
    if found.takes_function:
        return higher.result(reader, found, given)
    return keras_calls.result(reader, node, found, nodes, given)


def _values(reader: Reader, nodes: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a call's arguments by parameter."""
    return {
        name: (
            [reader.value(part) for part in one]
            if isinstance(one, list)
            else reader.value(one)
        )
        for name, one in nodes.items()
    }


def _tensor_of_list(reader: Reader, node: Any, value: Any) -> Any:
    """What stands for a list of the spec where a tensor is wanted, if it is one: `call`
    makes it, in the compute dtype."""
    if isinstance(node, ast.Name) and value is reader.lists.get(node.id):
        return Tensor(result_shapes.tensor_shape(value), COMPUTE)
    return value


def _unknown_call(reader: Reader, node: ast.Call) -> Unknown:
    values = [_argument(reader, one) for one in node.args]
    values += [reader.value(one.value) for one in node.keywords]
    return Unknown(_all_through(values) | builtins.handed(reader, values))


def _of_random(reader: Reader, node: ast.Call, name: str) -> Value:
    """A draw, in the compute dtype unless it says another."""
    found = random(name)
    nodes = operations.bound(found, node) if found is not None else None
    if found is None or nodes is None:
        _unknown_call(reader, node)
        return Tensor(None, OPEN)
    given = _values(reader, nodes)
    stated = operations.stated(given.get("dtype"))
    smooth = NOWHERE.union(*map(through, operations.flat(given.values())))
    if name in ("dropout", "shuffle"):
        [first] = [value for value in given.values()][:1] or [UNKNOWN]
        if isinstance(first, Tensor):
            return Tensor(first.shape, first.dtype, smooth)
        return Tensor(None, OPEN, smooth)
    default = "int32" if name in ("randint", "categorical") else COMPUTE
    shape = result_shapes.shape(found, given) if found.kind == "creation" else None
    return Tensor(shape, stated or default, smooth)


def _of_module(
    reader: Reader,
    node: ast.Call,
    path: str,
    given: list[Value],
    named: dict[str, Value],
) -> Value:
    owner, _, name = path.rpartition(".")
    values = [*given, *named.values()]
    if owner == "builtins":
        return builtins.call(reader, node, name, given, named)
    if path == "add_loss":
        return Nothing()
    if path == "activation":
        return activated(given)
    if owner == "keras.activations" and name in KEEPING:
        return activated(given)
    if owner == "math":
        return builtins.of_math(name, given)
    if owner == "itertools" and not named:
        return modules.of_itertools(name, given)
    if path in modules.TOLD and not values:
        return modules.TOLD[path]
    return Unknown(_all_through(values) | builtins.handed(reader, values))


def activated(given: list[Value]) -> Value:
    """What an activation gives: a tensor of the same shape, and of its dtype of floats."""
    first = there(given[0]) if given else UNKNOWN
    if isinstance(first, Tensor):
        dtype = first.dtype if is_float(first.dtype) else OPEN
        return Tensor(first.shape, dtype, first.through)
    return Tensor(None, OPEN, through(first))


def _of_layer(
    reader: Reader,
    node: ast.Call,
    layer: Layer,
    given: list[Value],
    named: dict[str, Value],
) -> Value:
    call = LayerCall(
        layer.name, node, tuple(given), tuple(named.items()), layer.listed, reader.loop
    )
    reader.found.calls[call] = None
    smooth = _all_through([*given, *named.values()]) | {layer.name}
    return reader.layer_result(call, smooth)
