"""What calls give: of `keras.ops`, of sublayers, of functions, of Python's builtins."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from layergen.forward import (
    agreements,
    arithmetic,
    builtins,
    methods,
    operations,
    shapes,
)
from layergen.forward.findings import LayerCall, Reader
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
    NOWHERE,
    OPEN,
    UNKNOWN,
    Function,
    Items,
    Layer,
    Many,
    Module,
    Number,
    SpecFunction,
    Tensor,
    Unknown,
    Value,
    is_float,
    is_whole,
    joined,
    there,
    through,
)
from layergen.keras_tables.operations import Operation, image, op, random

OPS = ("keras.ops.", "ops.")
"""How the functions of `keras.ops` are called, in the names that modules have."""


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
    if found.takes_function:
        return _higher(reader, node, name)
    nodes = operations.bound(found, node)
    if nodes is None:
        return _unknown_call(reader, node)
    given = _values(reader, nodes)
    return _result(reader, node, found, nodes, given)


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


def operation(
    reader: Reader,
    node: ast.expr | ast.AugAssign,
    name: str,
    given: list[Value],
    named: dict[str, Value],
    nodes: tuple[ast.expr | None, ...],
) -> Value:
    """What a function of `keras.ops` gives that stands behind an operator."""
    found = op(name)
    assert found is not None
    names = [parameter.name for parameter in found.parameters]
    values: dict[str, Any] = dict(zip(names, given, strict=False)) | named
    return _result(reader, node, found, dict(zip(names, nodes, strict=False)), values)


def _result(
    reader: Reader,
    node: ast.AST,
    found: Operation,
    nodes: Mapping[str, Any],
    given: dict[str, Any],
) -> Value:
    special = SPECIAL.get(found.name)
    if special is not None:
        return special(reader, node, given)
    if isinstance(node, ast.expr):
        agreements.check(reader, node, found, given)
    dtype, origins = _dtype(reader, node, found, nodes, given)
    shape = operations.shape(found, given)
    smooth = operations.smooth(found, given)
    if found.returns == "static":
        return UNKNOWN
    if found.returns in ("tensors", "either", ""):
        if isinstance(shape, list):
            return Items(tuple(Tensor(one, dtype, smooth, origins) for one in shape))
        if found.name == "where" and "x1" in given and "x2" in given:
            return Tensor(shape, dtype, smooth, origins)
        if found.returns == "tensors":
            return Many(Tensor(None, dtype, smooth, origins), some=True)
        return Unknown(smooth)
    return Tensor(None if isinstance(shape, list) else shape, dtype, smooth, origins)


def _dtype(
    reader: Reader,
    node: ast.AST,
    found: Operation,
    nodes: Mapping[str, Any],
    given: dict[str, Any],
) -> tuple[str, frozenset[ast.Call]]:
    """The dtype of a result, and the calls that it has Keras' default dtype from."""
    stated = operations.stated(given.get("dtype"))
    if stated is not None:
        return stated, frozenset()
    if node in reader.given_dtype:
        return COMPUTE, frozenset()
    tensors = operations.tensors(found, given)
    values = [one for several in tensors.values() for one in several]
    dtypes = [operations.dtype_of(one) for one in values]
    late = [one for one in values if isinstance(one, Number) and one.late]
    if late and all(isinstance(one, Number) for one in values):
        if _makes_floats(found) and len(values) == 1:
            for name in tensors:
                if isinstance(nodes.get(name), ast.expr):
                    arithmetic.cast(reader, nodes[name], COMPUTE)
            return COMPUTE, frozenset()
    if COMPUTE in dtypes and DEFAULT in dtypes:
        for name, several in tensors.items():
            for index, one in enumerate(several):
                if operations.dtype_of(one) == DEFAULT and isinstance(one, Tensor):
                    arithmetic.supply(reader, one, _node(nodes, name, index))
        dtypes = [COMPUTE if dtype == DEFAULT else dtype for dtype in dtypes]
    pairs = _pairs(found, tensors, dtypes)
    if found.name in operations.OF_ITEMS:
        dtype = _in_common(dtypes)
    else:
        dtype = operations.result_dtype(found, pairs)
    if dtype != DEFAULT:
        return dtype, frozenset()
    origins = frozenset().union(
        *(one.origins for one in values if isinstance(one, Tensor))
    )
    takes_dtype = any(one.name == "dtype" for one in found.parameters)
    if isinstance(node, ast.Call) and takes_dtype and DEFAULT not in dtypes:
        return dtype, frozenset({node})
    if any(
        one == DEFAULT and not t.origins
        for one, t in zip(dtypes, values, strict=True)
        if isinstance(t, Tensor)
    ):
        return dtype, frozenset()
    return dtype, origins


def _node(nodes: Mapping[str, Any], name: str, index: int) -> ast.expr | None:
    """The expression of one of several tensors, where it stands in the call."""
    node = nodes.get(name)
    if isinstance(node, list):
        return node[index] if index < len(node) else None
    if isinstance(node, (ast.List, ast.Tuple)):
        return node.elts[index] if index < len(node.elts) else None
    return node if isinstance(node, ast.expr) and index == 0 else None


def _pairs(
    found: Operation, tensors: Mapping[str, list[Value]], dtypes: list[str]
) -> tuple[tuple[str, str], ...]:
    """Each parameter with its dtype."""
    names = [name for name, several in tensors.items() for _ in several]
    return tuple(zip(names, dtypes, strict=True))


def _in_common(dtypes: list[str]) -> str:
    kinds = {dtype for dtype in dtypes if dtype not in operations.WEAK}
    return kinds.pop() if len(kinds) == 1 else OPEN


def _makes_floats(found: Operation) -> bool:
    """Whether an elementwise function makes floats of integers."""
    if found.kind != "elementwise" or not found.dtype:
        return False
    dtype = found.result_dtype({found.tensors[0]: "int32"})
    return dtype == OPEN or is_float(dtype)


def _unknown_call(reader: Reader, node: ast.Call) -> Unknown:
    values = [_argument(reader, one) for one in node.args]
    values += [reader.value(one.value) for one in node.keywords]
    return Unknown(_all_through(values) | builtins.handed(reader, values))


def _higher(reader: Reader, node: ast.Call, name: str) -> Value:
    """A function that takes a Python function, which is gone through for what it calls."""
    values = [_argument(reader, one) for one in node.args]
    values += [reader.value(one.value) for one in node.keywords]
    results = []
    for one in values:
        if isinstance(one, Function):
            count = len(one.node.args.args)
            given: list[Value] = [UNKNOWN] * (0 if name == "cond" else count)
            results.append(reader.call_function(one, given, {}))
        elif isinstance(one, SpecFunction):
            results.append(reader.call_spec_function(one.name, [], {}))
    if name == "cond" and len(results) == 2:
        return joined(*results)
    return Unknown(_all_through([*values, *results]))


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
    shape = operations.shape(found, given) if found.kind == "creation" else None
    return Tensor(shape, stated or default, smooth)


def _of_module(
    reader: Reader,
    node: ast.Call,
    path: str,
    given: list[Value],
    named: dict[str, Value],
) -> Value:
    owner, _, name = path.rpartition(".")
    if owner == "builtins":
        return builtins.call(reader, node, name, given, named)
    if path == "activation":
        return activated(given)
    if owner == "keras.activations" and name in ACTIVATIONS:
        return activated(given)
    if owner == "math":
        return builtins.of_math(name, given)
    values = [*given, *named.values()]
    return Unknown(_all_through(values) | builtins.handed(reader, values))


ACTIVATIONS = ("relu", "gelu", "tanh", "sigmoid", "softmax", "silu", "swish", "selu")


def activated(given: list[Value]) -> Value:
    """What an activation gives: a tensor of the same shape and dtype."""
    first = there(given[0]) if given else UNKNOWN
    if isinstance(first, Tensor):
        return Tensor(first.shape, first.dtype, first.through)
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


# Functions of `keras.ops` of which the table does not say enough.


def _shape(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    value = there(given.get("x", UNKNOWN))
    if isinstance(value, Tensor):
        return methods.shape_value(value.shape, reader.late)
    return Many(Number("int"))


def _ndim(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    value = there(given.get("x", UNKNOWN))
    known = shapes.rank(value.shape) if isinstance(value, Tensor) else None
    return Number("int", known)


def _cast(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    value = there(given.get("x", UNKNOWN))
    dtype = operations.stated(given.get("dtype")) or OPEN
    smooth = NOWHERE if is_whole(dtype) else through(value)
    shape = value.shape if isinstance(value, Tensor) else None
    if isinstance(value, Number):
        shape = ()
    return Tensor(shape, dtype, smooth)


def _arange(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    start, stop, step = (given.get(name) for name in ("start", "stop", "step"))
    bounds = [one for one in (start, stop, step) if one is not None]
    kinds = {one.type for one in bounds if isinstance(one, Number)}
    whole = all(isinstance(one, Number) for one in bounds) and kinds == {"int"}
    size = None
    sizes = [one.size if isinstance(one, Number) else None for one in bounds]
    if whole and None not in sizes and len(sizes) < 3:
        size = sizes[0] if len(sizes) == 1 else sizes[1] - sizes[0]  # type: ignore[operator]
    if isinstance(size, int) and size < 0:
        size = 0
    stated = operations.stated(given.get("dtype"))
    if stated is not None:
        return Tensor((size,), stated)
    if node in reader.given_dtype:
        return Tensor((size,), COMPUTE)
    if whole:
        return Tensor((size,), "int32")
    if "float" in kinds and isinstance(node, ast.Call):
        return Tensor((size,), DEFAULT, origins=frozenset({node}))
    return Tensor((size,), OPEN)


def _linspace(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    ends = [given.get("start"), given.get("stop")]
    num = given.get("num", Number("int", 50))
    plain = all(isinstance(one, Number) for one in ends) and "axis" not in given
    shape = (num.size,) if plain and isinstance(num, Number) else None
    smooth = NOWHERE.union(*(through(one) for one in ends if one is not None))
    stated = operations.stated(given.get("dtype"))
    if "retstep" in given:
        return Unknown(smooth)
    if stated is not None or node in reader.given_dtype:
        return Tensor(shape, stated or COMPUTE, smooth)
    if plain and isinstance(node, ast.Call):
        return Tensor(shape, DEFAULT, smooth, frozenset({node}))
    return Tensor(shape, OPEN, smooth)


def _take(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    found = op("take")
    assert found is not None
    x = there(given.get("x", UNKNOWN))
    dtype = x.dtype if isinstance(x, Tensor) else OPEN
    return Tensor(operations.shape(found, given), dtype, through(x))


def _array(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    """A tensor made of a tensor, a number or a list of numbers."""
    value = there(given.get("x", UNKNOWN))
    stated = operations.stated(given.get("dtype"))
    shape = operations.tensor_shape(value)
    if isinstance(value, Tensor):
        return Tensor(shape, stated or value.dtype, value.through, value.origins)
    dtype = operations.dtype_of(value)
    dtype = stated or operations.WEAK.get(dtype, dtype)
    if node in reader.given_dtype and not stated:
        dtype = COMPUTE
    if dtype == DEFAULT and isinstance(node, ast.Call):
        return Tensor(shape, dtype, through(value), frozenset({node}))
    return Tensor(shape, dtype, through(value))


SPECIAL: dict[str, Callable[[Reader, ast.AST, dict[str, Any]], Value]] = {
    "arange": _arange,
    "array": _array,
    "cast": _cast,
    "convert_to_tensor": _array,
    "linspace": _linspace,
    "ndim": _ndim,
    "shape": _shape,
    "take": _take,
}
