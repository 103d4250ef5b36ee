"""What functions of `keras.ops` and `keras.random` make of values, by the tables of Keras."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from layergen.forward import shapes
from layergen.forward.shapes import REST
from layergen.forward.sizes import Dim, Poly, RestAxis, size_of
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
    NOWHERE,
    OPEN,
    DType,
    Items,
    Many,
    Maybe,
    Nothing,
    Number,
    RestAxes,
    Tensor,
    Text,
    Value,
    there,
    through,
)
from layergen.keras_tables import dtypes
from layergen.keras_tables.names import FLOAT_DTYPES
from layergen.keras_tables.operations import Operation

WEAK = {"int": "int32", "bool": "bool", "float": DEFAULT}
"""The dtype of a tensor that is made of a number alone."""

SIZES = {
    "M",
    "N",
    "k",
    "n",
    "newshape",
    "num",
    "num_classes",
    "num_samples",
    "num_segments",
}
SIZES |= {"output_shape", "output_size", "pad_width", "repeats", "shape", "size", "x"}
"""Parameters that may be sizes which are known by name alone."""


class NotKnown(Exception):
    """An argument whose value is not known."""


def bound(operation: Operation, call: ast.Call) -> dict[str, Any] | None:
    """The nodes of a call's arguments by parameter, a list for what takes the rest.

    None where the call does not show them all, or does not fit.
    """
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    found: dict[str, Any] = {}
    positional = [one for one in operation.parameters if one.how in ("any", "*")]
    for index, node in enumerate(call.args):
        parameter = positional[min(index, len(positional) - 1)] if positional else None
        if parameter is None or (index >= len(positional) and parameter.how != "*"):
            return None
        if parameter.how == "*":
            found.setdefault(parameter.name, []).append(node)
        else:
            found[parameter.name] = node
    named = {one.name for one in operation.parameters if one.how in ("any", "name")}
    for keyword in call.keywords:
        if keyword.arg not in named or keyword.arg in found:
            return None
        found[keyword.arg] = keyword.value
    required = (one.name for one in operation.parameters if one.required)
    return found if all(name in found for name in required) else None


def shape(operation: Operation, given: Mapping[str, Any]) -> Any:
    """The shape of a result, or a list of them, None where it is not known."""
    if operation.kind in ("unknown", "higher"):
        return None
    asked = operation.asked
    needed = {n: v for n, v in given.items() if asked is None or n in asked}
    if operation.is_elementwise:
        parts = [tensor_shape(value) for value in needed.values()]
        return shapes.broadcast(*parts)[0] if parts else None
    if operation.keeps_shape and len(needed) == 1:
        return tensor_shape(next(iter(needed.values())))

    many = needed.get(operation.several)
    if isinstance(many, Many):
        return _of_many(operation, needed, many)

    def rule(count: int) -> Any:
        arguments = {
            name: (
                _dims(value, count, name == operation.several)
                if name in operation.shaped
                else plain(value, count, name in SIZES)
            )
            for name, value in needed.items()
            if name != "dtype"
        }
        return operation.result_shape(arguments)

    has_rest = any(map(_has_rest, needed.values()))
    try:
        return shapes.at_any_rank(rule, has_rest)
    except NotKnown:
        return None


def _of_many(operation: Operation, given: Mapping[str, Any], many: Many) -> Any:
    """The shape that any number of tensors of one shape give: with each the sizes of the
    result grow by the same."""
    one, two = (
        shape(operation, {**given, operation.several: Items((many.element,) * count)})
        for count in (1, 2)
    )
    if not isinstance(one, tuple) or not isinstance(two, tuple) or len(one) != len(two):
        return None
    return tuple(map(partial(_grown, many.length), one, two))


def _grown(length: Dim, one: Any, two: Any) -> Any:
    """A size of the result of `length` tensors, by that of one and that of two."""
    if one == two:
        return one
    if one is None or two is None or length is None:
        return None
    return one + (two - one) * (length - 1)


def tensor_shape(value: Any) -> shapes.Shape:
    if isinstance(value, list):
        return None
    value = there(value)
    if isinstance(value, Tensor):
        return value.shape
    if isinstance(value, Number):
        return ()
    if isinstance(value, Items):
        return _of_numbers(value)
    if isinstance(value, Many) and isinstance(value.element, Number):
        return (value.length,)
    return None


def _of_numbers(value: Items) -> shapes.Shape:
    """The shape of the tensor that a list of numbers stands for."""
    if REST in value.items or not value.items:
        return None
    inner = {tensor_shape(one) for one in value.items}
    if len(inner) != 1:
        return None
    [first] = inner
    return (len(value.items), *first) if isinstance(first, tuple) else None


def _dims(value: Any, count: int, several: bool = False) -> Any:
    """The shape of an argument that is a tensor, or shapes of `several`."""
    if several:
        items = value.items if isinstance(value, Items) else value
        if not isinstance(items, (list, tuple)) or REST in items:
            raise NotKnown
        return [_dims(one, count) for one in items]
    found = tensor_shape(value)
    if not isinstance(found, tuple):
        raise NotKnown
    return shapes.expanded(found, count)


def plain(value: Any, count: int, sizes: bool = False) -> Any:
    """An argument as Python's own value, where `sizes` say so with polynomials in it.

    Raises:
        NotKnown: If it is not known.
    """
    match value:
        case Number(value=Poly() as size) if sizes:
            return size
        case Number(value=int() | float() as number):
            return number
        case Text(value=str() as text):
            return text
        case Nothing():
            return None
        case RestAxes(first=first):
            return tuple(range(first, first + count))
        case Items(items=items):
            found: list[Any] = []
            for one in items:
                if one is REST:
                    found += [size_of(RestAxis(index)) for index in range(count)]
                else:
                    found.append(plain(one, count, sizes))
            return tuple(found)
    raise NotKnown


def _has_rest(value: Any) -> bool:
    match value:
        case list():
            return any(map(_has_rest, value))
        case Tensor(shape=tuple() as axes):
            return REST in axes
        case RestAxes():
            return True
        case Items(items=items):
            return any(one is REST or _has_rest(one) for one in items)
        case Maybe(value=inner):
            return _has_rest(inner)
    return False


def dtype_of(value: Any) -> str:
    """The dtype of a value where a tensor is wanted: numbers are weak."""
    match there(value) if not isinstance(value, list) else value:
        case Tensor(dtype=dtype):
            return dtype
        case Number(type=kind):
            return kind or OPEN
        case Items(items=items) if items and REST not in items:
            kinds = {dtype_of(one) for one in items}
            if len(kinds) == 1 and kinds <= WEAK.keys():
                return WEAK[kinds.pop()]
    return OPEN


def tensors(
    operation: Operation, given: Mapping[str, Any], names: tuple[str, ...]
) -> dict[str, list[Value]]:
    """The values that some parameters are given, which are tensors or stand for such."""
    found: dict[str, list[Value]] = {}
    several = operation.several
    for name in names:
        if name not in given:
            continue
        value = given[name]
        if isinstance(value, list):
            found[name] = value
        elif isinstance(value, Items) and name == several and REST not in value.items:
            found[name] = list(value.items)
        elif isinstance(value, Many) and name == several:
            found[name] = [value.element]
        elif not isinstance(there(value), Nothing):
            found[name] = [value]
    return found


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


def stated(value: Any) -> str | None:
    """The dtype that an argument `dtype` says, None where it says none."""
    match value:
        case DType(name=name):
            return name
        case Text(value=str() as text):
            return text
        case None | Nothing():
            return None
    return OPEN


def smooth(operation: Operation, given: Mapping[str, Any]) -> frozenset[str]:
    """What a result changes smoothly with."""
    if (
        operation.flat
        and operation.name != "full_like"
        or operation.returns == "static"
    ):
        return NOWHERE
    values = list(flat(given.values()))
    if operation.name == "full_like":
        values = values[1:]
    return NOWHERE.union(*map(through, values))


def flat(values: Any) -> Iterator[Value]:
    """Values, those of lists one by one."""
    for one in values:
        if isinstance(one, list):
            yield from one
        else:
            yield one
