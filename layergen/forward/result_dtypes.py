"""The dtypes that functions of `keras.ops` give."""

from __future__ import annotations

from functools import cache
from typing import Any

from layergen.forward.shapes import REST
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
    OPEN,
    Items,
    Many,
    Number,
    Tensor,
    Value,
    there,
)
from layergen.keras_tables import dtypes
from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.keras_tables.operations import Operation

WEAK = {"int": "int32", "bool": "bool", "float": DEFAULT}
"""The dtype of a tensor that is made of a number alone."""


def dtype_of(value: Any) -> str:
    """The dtype of a value where a tensor is wanted: numbers are weak."""
    match there(value) if not isinstance(value, list) else value:
        case Tensor(dtype=dtype):
            return dtype
        case Number(type=kind):
            return kind or OPEN
        case Items() | Many() as several:
            return WEAK.get(kind_in(several), OPEN)
    return OPEN


def kind_in(value: Value) -> str:
    """The type of the numbers in a list, at any depth: the widest of them; "" for what may
    be no list of numbers."""
    match value:
        case Number(type=kind):
            return kind
        case Many(element=element):
            return kind_in(element)
        case Items(items=items) if items and REST not in items:
            kinds = {*map(kind_in, items)}
            if kinds == {"int", "float"}:
                return "float"
            return kinds.pop() if len(kinds) == 1 else ""
    return ""


def dtypes_of(operation: Operation, name: str, values: list[Value]) -> list[str]:
    """The dtypes of the tensors that a parameter is given: alone numbers are weak."""
    dtypes = [dtype_of(one) for one in values]
    if name == operation.several:
        return [WEAK.get(dtype, dtype) for dtype in dtypes]
    # A truth of Python's fails beside floats of sixteen bits.
    beside = len(operation.dtype_from) > 1
    return [
        OPEN if beside and isinstance(one, Number) and dtype == "bool" else dtype
        for one, dtype in zip(values, dtypes, strict=True)
    ]


@cache
def result_dtype(operation: Operation, given: tuple[tuple[str, str], ...]) -> str:
    """The dtype of a result by those of the parameters, of which one may have several.

    The compute dtype is any of those that layers compute in: what holds for each of them
    holds.
    """
    names = [name for _, name in given]
    if not operation.dtype_from:
        fixed = operation.result_dtype({})
        return DEFAULT if fixed == "float32" else fixed or OPEN
    if OPEN in names:
        return OPEN
    computed = FLOAT_DTYPES if COMPUTE in names else ("float32",)
    results = []
    for dtype in computed:
        meant = {COMPUTE: dtype, DEFAULT: "float32"}
        together: dict[str, list[str]] = {}
        for parameter, name in given:
            together.setdefault(parameter, []).append(meant.get(name, name))
        common = {one: dtypes.common(several) for one, several in together.items()}
        results.append(operation.result_dtype(common))
    if COMPUTE in names and results == [*computed]:
        return COMPUTE
    if len(set(results)) != 1:
        return OPEN
    [found] = set(results)
    if found in WEAK:
        return WEAK[found]
    return DEFAULT if found == "float32" and "float32" not in names else found
