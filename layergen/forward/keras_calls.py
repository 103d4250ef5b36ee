"""What functions of `keras.ops` give, by the tables of Keras."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from layergen.forward import (
    agreements,
    arithmetic,
    operations,
    result_dtypes,
    result_shapes,
)
from layergen.forward.findings import Reader
from layergen.forward.special import SPECIAL
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
    OPEN,
    Items,
    Many,
    Number,
    Tensor,
    Unknown,
    Value,
    is_float,
)
from layergen.keras_tables.operations import Operation, op


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
    return result(reader, node, found, dict(zip(names, nodes, strict=False)), values)


def result(
    reader: Reader,
    node: ast.AST,
    found: Operation,
    nodes: Mapping[str, Any],
    given: dict[str, Any],
) -> Value:
    special = SPECIAL.get(found.name)
    if special is not None:
        return special(reader, node, given)
    if isinstance(node, (ast.expr, ast.AugAssign)):
        agreements.check(reader, node, found, given)
    dtype, origins = _dtype(reader, node, found, nodes, given)
    shape = result_shapes.shape(found, given)
    smooth = operations.smooth(found, given)
    if found.returns == "static" or found.changing & given.keys():
        return Unknown(smooth)
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
    tensors = operations.tensors(found, given, found.dtype_from)
    values = [one for several in tensors.values() for one in several]
    dtypes = [
        dtype
        for name, several in tensors.items()
        for dtype in result_dtypes.dtypes_of(found, name, several)
    ]
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
                if result_dtypes.dtype_of(one) == DEFAULT:
                    arithmetic.supply(reader, one, _node(nodes, name, index))
        dtypes = [COMPUTE if dtype == DEFAULT else dtype for dtype in dtypes]
    pairs = _pairs(found, tensors, dtypes)
    dtype = result_dtypes.result_dtype(found, pairs)
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


def _makes_floats(found: Operation) -> bool:
    """Whether an elementwise function makes floats of integers."""
    if found.kind != "elementwise" or not found.dtype:
        return False
    dtype = found.result_dtype({found.tensors[0]: "int32"})
    return dtype == OPEN or is_float(dtype)
