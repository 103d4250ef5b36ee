"""Functions of `keras.ops` of which the table does not say enough."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from layergen.forward import (
    arithmetic,
    methods,
    operations,
    result_dtypes,
    result_shapes,
)
from layergen.forward.findings import Reader
from layergen.forward.late import Late
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
    NOWHERE,
    OPEN,
    UNKNOWN,
    Items,
    Number,
    Tensor,
    Unknown,
    Value,
    is_float,
    is_whole,
    there,
    through,
)
from layergen.keras_tables.operations import op


def _shape(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    value = there(given.get("x", UNKNOWN))
    known = value.shape if isinstance(value, Tensor) else None
    return methods.shape_value(known, reader.late, Late.SURELY)


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


def _array(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    """A tensor made of a tensor, a number or a list of numbers."""
    value = there(given.get("x", UNKNOWN))
    stated = operations.stated(given.get("dtype"))
    shape = result_shapes.tensor_shape(value)
    if isinstance(value, Tensor):
        return Tensor(shape, stated or value.dtype, value.through, value.origins)
    dtype = result_dtypes.dtype_of(value)
    dtype = stated or result_dtypes.WEAK.get(dtype, dtype)
    if node in reader.given_dtype and not stated:
        dtype = COMPUTE
    if dtype == DEFAULT and isinstance(node, ast.Call):
        return Tensor(shape, dtype, through(value), frozenset({node}))
    return Tensor(shape, dtype, through(value))


def _clip(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    """A clipped tensor keeps its dtype; bounds that are floats are refused beside
    integers, and a bound that may be a tensor is cast beside floats."""
    value = there(given.get("x", UNKNOWN))
    bounds = [given.get(name) for name in ("x_min", "x_max")]
    if not isinstance(value, Tensor):
        return Tensor(None, OPEN, through(value))
    whole = all(isinstance(one, Number) and one.type == "int" for one in bounds)
    dtype = value.dtype
    if is_float(dtype) and isinstance(node, ast.Call):
        nodes = operations.bound(op("clip"), node) or {}  # type: ignore[arg-type]
        for name, one in zip(("x_min", "x_max"), bounds, strict=True):
            if isinstance(one, Number) and one.late:
                arithmetic.cast(reader, nodes.get(name), dtype)
    elif is_whole(dtype):
        dtype = OPEN if not whole else "int32" if dtype == "bool" else dtype
    plain = all(isinstance(one, Number) for one in bounds)
    return Tensor(value.shape if plain else None, dtype, value.through, value.origins)


def _top_k(reader: Reader, node: ast.AST, given: dict[str, Any]) -> Value:
    """The largest values, and where they stand."""
    value, found = there(given.get("x", UNKNOWN)), op("top_k")
    assert found is not None
    if not isinstance(value, Tensor):
        return Unknown(through(value))
    shape = result_shapes.shape(found, given)
    one = shape[0] if isinstance(shape, list) else None
    return Items((Tensor(one, value.dtype, value.through), Tensor(one, "int32")))


SPECIAL: dict[str, Callable[[Reader, ast.AST, dict[str, Any]], Value]] = {
    "arange": _arange,
    "array": _array,
    "cast": _cast,
    "clip": _clip,
    "convert_to_tensor": _array,
    "linspace": _linspace,
    "shape": _shape,
    "top_k": _top_k,
}
