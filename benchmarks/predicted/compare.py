"""Holds what the analysis says of an expression to what it gave."""

from __future__ import annotations

from typing import Any

import keras
import numpy

from layergen.forward.shapes import REST, Narrow
from layergen.forward.sizes import Axis, Poly, Quotient, Remainder
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
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
    Unknown,
    Value,
)
from predicted import world
from predicted.oracle import Ran

TYPES = {"int": int, "float": float, "bool": bool}


def unknown(value: Value) -> bool:
    """Whether the analysis does not say all that it could."""
    match value:
        case Unknown():
            return True
        case Tensor(shape=shape, dtype=dtype):
            return shape is None or dtype == OPEN
        case Maybe(value=inner) | Many(element=inner):
            return unknown(inner)
        case Items(items=items):
            return any(unknown(one) for one in items if one is not REST)
    return False


def wrong(value: Value, real: Any, ran: Ran) -> str:
    """What is wrong about what the analysis says of a value, "" where nothing is."""
    match value:
        case Unknown():
            return ""
        case Nothing():
            return "" if real is None else "is not None"
        case Maybe(value=inner):
            return "" if real is None else wrong(inner, real, ran)
        case Number():
            return _number(value, real, ran)
        case Text(value=text):
            return (
                ""
                if isinstance(real, str) and text in (None, real)
                else "is no such text"
            )
        case DType(name=name):
            return _dtype(name, str(keras.backend.standardize_dtype(real)), ran)
        case Tensor():
            return _tensor(value, real, ran)
        case Items(items=items):
            return _items(items, real, ran)
        case Many(element=element, length=length, some=some):
            return _many(element, length, some, real, ran)
        case RestAxes(first=first):
            return (
                ""
                if tuple(real) == tuple(range(first, first + len(ran.sizes.rest)))
                else "are other axes"
            )
    return ""


def is_tensor(real: Any) -> bool:
    return keras.ops.is_tensor(real) or isinstance(real, keras.KerasTensor)


def _number(value: Number, real: Any, ran: Ran) -> str:
    if real is None and value.type == "int" and ran.is_open:
        return ""  # An open axis of a symbolic tensor.
    if is_tensor(real):
        if value.late and len(real.shape) == 0 and value.type in str(real.dtype):
            return ""
        return "is a tensor"
    if isinstance(real, numpy.generic):
        real = real.item()
    if not isinstance(real, (bool, int, float)):
        return f"is {type(real).__name__}"
    if value.type and type(real) is not TYPES[value.type]:
        return f"is {type(real).__name__}"
    if value.value is not None:
        expected = evaluated(value.value, ran) if value.type == "int" else value.value
        if expected is not None and expected != real:
            if not (isinstance(expected, float) and numpy.isclose(expected, real)):
                return f"is {real}, not {expected}"
    return ""


def evaluated(size: Any, ran: Ran) -> int | None:
    """A size where names have the values of a run."""
    if not isinstance(size, Poly):
        return size
    total = 0
    for monomial, factor in size.terms:
        for atom in monomial:
            factor *= _atom(atom, ran)
        total += factor
    return total


def _atom(atom: Any, ran: Ran) -> int:
    match atom:
        case str():
            return (ran.sizes.numbers | world.arguments(ran.sizes))[atom]
        case Axis(tensor=tensor, position=position):
            return world.shapes(ran.sizes)[tensor][0][position]
        case Quotient(upper=upper, lower=lower):
            return evaluated(upper, ran) // evaluated(lower, ran)
        case Remainder(upper=upper, lower=lower):
            return evaluated(upper, ran) % evaluated(lower, ran)
    raise ValueError(atom)


def _dtype(name: str, real: str, ran: Ran) -> str:
    expected = {COMPUTE: ran.compute, DEFAULT: "float32"}.get(name, name)
    return "" if expected in (OPEN, real) else f"is {real}, not {expected}"


def _tensor(value: Tensor, real: Any, ran: Ran) -> str:
    if not is_tensor(real):
        return f"is {type(real).__name__}, no tensor"
    found = _dtype(value.dtype, keras.backend.standardize_dtype(real.dtype), ran)
    if found:
        return found
    if not isinstance(value.shape, (tuple, Narrow)):
        return ""
    if getattr(real.shape, "rank", 0) is None:
        return ""
    shape = tuple(real.shape)
    if isinstance(value.shape, Narrow):
        whole = _dims(value.shape.of, ran)
        alike = len(whole) == len(shape) and all(
            None in (a, b) or b in (a, 1) for a, b in zip(whole, shape, strict=True)
        )
        return "" if alike else f"has shape {shape}, not {whole} or narrower"
    expected = _dims(value.shape, ran)
    fits = len(expected) == len(shape) and all(
        a is None or b is None or a == b for a, b in zip(expected, shape, strict=True)
    )
    return "" if fits else f"has shape {shape}, not {expected}"


def _dims(shape: tuple[Any, ...], ran: Ran) -> tuple[int | None, ...]:
    found: list[int | None] = []
    for one in shape:
        if one is REST:
            found += ran.sizes.rest
        else:
            found.append(None if one is None else evaluated(one, ran))
    return tuple(found)


def _items(items: tuple[Any, ...], real: Any, ran: Ran) -> str:
    if hasattr(real, "__next__"):
        return ""
    try:
        items_there = [*real]
    except TypeError:
        return f"is {type(real).__name__}, no list"
    expected: list[Any] = []
    for one in items:
        rest = [Number("int", size, late=True) for size in ran.sizes.rest]
        expected += rest if one is REST else [one]
    if len(expected) != len(items_there):
        return f"has {len(items_there)} items, not {len(expected)}"
    for one, other in zip(expected, items_there, strict=True):
        found = wrong(one, other, ran)
        if found:
            return f"an item {found}"
    return ""


def _many(element: Value, length: Any, some: bool, real: Any, ran: Ran) -> str:
    if hasattr(real, "__next__"):
        return ""
    try:
        there = [*real]
    except TypeError:
        return f"is {type(real).__name__}, no list"
    if some and not there:
        return "has no item"
    if length is not None and evaluated(length, ran) != len(there):
        return f"has {len(there)} items, not {evaluated(length, ran)}"
    for one in there:
        found = wrong(element, one, ran)
        if found:
            return f"an item {found}"
    return ""
