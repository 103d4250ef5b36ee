"""Which kind of function one is: each kind is a guess that calls must bear out."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator
from typing import Any

import numpy

from layergen.keras_tables.probe.calls import (
    Call,
    Refused,
    Shape,
    Tensor,
    array,
    values,
)
from layergen.keras_tables.probe.samples import SAMPLES

DISTINCT: tuple[tuple[int, ...], ...] = ((3,), (2, 3), (2, 3, 4))
ONES: tuple[tuple[int, ...], ...] = ((1, 3), (2, 1, 4))
Shapes = tuple[Shape, ...]


def kind(call: Call, tensors: tuple[str, ...]) -> str:
    """The kind, or "" where none of them holds. `call` is one that Keras takes."""
    if not tensors:
        return "creation" if _creates(call) else ""
    if len(tensors) == 1 and isinstance(call.arguments[tensors[0]], Tensor):
        name = tensors[0]
        for found, holds in ONE.items():
            if holds(call, name):
                return found
    if 1 < len(tensors) < 4:
        if _broadcasts(call, tensors):
            return "broadcast"
        if len(tensors) == 2 and _contracts(call, tensors):
            return "contraction"
    return ""


def _with_unknown(shape: Shape) -> Iterator[Shape]:
    """A shape, and it with each axis unknown in turn."""
    yield shape
    for index in range(len(shape)):
        yield (*shape[:index], None, *shape[index + 1 :])


def _shape(call: Call, **arguments: Any) -> Any:
    """The symbolic shape of one result, None where Keras refuses or gives several."""
    try:
        answer = call.with_(**arguments).symbolic()
    except Refused:
        return None
    return answer.shape if isinstance(answer, Tensor) else None


def _eager_shape(call: Call, **arguments: Any) -> Any:
    try:
        answer = call.with_(**arguments).eager()
    except Refused:
        return None
    return answer.shape if isinstance(answer, Tensor) else None


def _values(call: Call, **arguments: Any) -> Any:
    try:
        return values(call.with_(**arguments).made(array))
    except (Refused, TypeError, AttributeError, ValueError):
        return None


def _creates(call: Call) -> bool:
    """A tensor of the shape that `shape` says."""
    if "shape" not in call.arguments:
        return False
    return all(
        _shape(call, shape=shape) in (shape, None)
        and _eager_shape(call, shape=shape) == shape
        for shape in ((), *DISTINCT)
    )


def _keeps_shape(call: Call, name: str) -> bool:
    dtype = call.arguments[name].dtype
    symbolic = (shape for whole in DISTINCT for shape in _with_unknown(whole))
    return all(
        _shape(call, **{name: Tensor(shape, dtype)}) == shape
        for shape in (*symbolic, *ONES)
    ) and all(
        _eager_shape(call, **{name: Tensor(shape, dtype)}) == shape
        for shape in (*DISTINCT, *ONES)
    )


def _is_elementwise(call: Call, name: str) -> bool:
    """Each element of the result is made from the one in its place, and no other."""
    if not _keeps_shape(call, name):
        return False
    small = array(Tensor((6,), call.arguments[name].dtype))
    return all(_is_local(call, name, given) for given in (small, 5 * small, -small))


def _is_local(call: Call, name: str, given: Any) -> bool:
    whole = _values(call, **{name: given})
    part = _values(call, **{name: given[2:5]})
    turned = _values(call, **{name: given[::-1]})
    return (
        whole is not None and _close(part, whole[2:5]) and _close(turned, whole[::-1])
    )


def _is_along(call: Call, name: str) -> bool:
    """The shape stays, whatever the axis, and elements of an axis meet."""
    if not _keeps_shape(call, name):
        return False
    if "axis" not in _parameters(call):
        return True
    tensor = Tensor((2, 3, 4), call.arguments[name].dtype)
    found = (
        _eager_shape(call, **{name: tensor}, axis=axis) for axis in (0, 1, -1, None)
    )
    return {*found} <= {tensor.shape, None}


def _reduces(call: Call, name: str) -> bool:
    """The axes in `axis` go, all of them where it is None; `keepdims` leaves ones."""
    dtype = call.arguments[name].dtype
    if "axis" not in _parameters(call) or "axis" in call.arguments:
        return False
    for whole in DISTINCT:
        for axis in (*range(len(whole)), -1):
            for shape in _with_unknown(whole):
                tensor = Tensor(shape, dtype)
                rest = [s for i, s in enumerate(shape) if i != axis % len(shape)]
                if _shape(call, **{name: tensor}, axis=axis) != tuple(rest):
                    return False
        whole_tensor = Tensor(whole, dtype)
        gone = tuple(whole[:-1])
        if _eager_shape(call, **{name: whole_tensor}, axis=-1) != gone:
            return False
        for ask in (_shape, _eager_shape):
            if ask(call, **{name: whole_tensor}, axis=None) != ():
                return False
        if "keepdims" in _parameters(call):
            kept = _shape(call, **{name: whole_tensor}, axis=-1, keepdims=True)
            if kept != (*gone, 1):
                return False
    return True


def takes_axes(call: Call, name: str) -> bool:
    """Whether a reduction takes several axes at once."""
    tensor = Tensor((2, 3, 4), call.arguments[name].dtype)
    given = {name: tensor, "axis": (0, 2)}
    return {_shape(call, **given), _eager_shape(call, **given)} == {(3,)}


def _rearranges(call: Call, name: str) -> bool:
    """The elements are the same in other places, or in another shape."""
    tensor = call.arguments[name]
    found = 0
    for shape in (tensor.shape, (3, 2), (1, 6), (6,), (2, 3, 1), (1, 4, 4, 4)):
        given = array(Tensor(shape, tensor.dtype))
        try:
            result = values(call.with_(**{name: given}).made(array))
        except (Refused, TypeError, AttributeError, ValueError):
            continue
        mine = numpy.sort(values(given), axis=None)
        theirs = numpy.sort(result, axis=None)
        if mine.shape != theirs.shape or not numpy.array_equal(mine, theirs):
            return False
        found += 1
    return found > 1


def _broadcasts(call: Call, tensors: tuple[str, ...]) -> bool:
    """Any shapes that broadcast do, unknown sizes and plain numbers too."""
    dtypes = [
        one.dtype if isinstance(one := call.arguments[n], Tensor) else ""
        for n in tensors
    ]
    if not all(dtypes):
        return False
    samples: tuple[Shapes, ...] = (
        ((2, 3), (3,)),
        ((2, 1), (1, 3)),
        ((), (2, 3)),
        ((2, 1, 4), (3, 1)),
        ((None, 3), (1, 3)),
        ((None, 1), (3,)),
    )
    for pair in samples:
        for shapes in set(itertools.permutations((*pair, ()), len(tensors))):
            given = {
                n: Tensor(shape, dtype)
                for n, shape, dtype in zip(tensors, shapes, dtypes, strict=True)
            }
            meant = broadcast(shapes)
            if _shape(call, **given) != meant:
                return False
            if not any(None in shape for shape in shapes):
                if _eager_shape(call, **given) != meant:
                    return False
    return True


def broadcast(shapes: Shapes) -> Shape:
    """The shape that shapes have together: a one gives way, an unknown to a number."""
    found: list[int | None] = []
    for index in range(1, max(map(len, shapes)) + 1):
        sizes = {shape[-index] for shape in shapes if len(shape) >= index} - {1}
        known = sizes - {None}
        found.append(known.pop() if known else None if sizes else 1)
    return tuple(reversed(found))


def _contracts(call: Call, tensors: tuple[str, ...]) -> bool:
    """A sum over an axis that both have: linear in each, and the axis is gone."""
    first, second = (call.arguments[name] for name in tensors)
    if SAMPLES.keys() & {*tensors}:
        return False
    if not (isinstance(first, Tensor) and isinstance(second, Tensor)):
        return False
    one, other = tensors
    shape = _eager_shape(call)
    if shape is None or not {*first.shape} & {*second.shape} - {*shape}:
        return False
    a, b = array(first), array(second)
    whole = _values(call, **{one: a, other: b})
    if whole is None:
        return False
    linear = (
        _close(_values(call, **{one: 3 * a, other: b}), 3 * whole)
        and _close(_values(call, **{one: a, other: 3 * b}), 3 * whole)
        and _close(
            _values(call, **{one: a + a[::-1], other: b}),
            whole + _values(call, **{one: a[::-1], other: b}),
        )
    )
    return linear and all(
        _eager_shape(call, **{name: _larger(call.arguments[name])}) is None
        for name in tensors
    )


def _larger(tensor: Tensor) -> Tensor:
    return Tensor(tuple((size or 0) + 3 for size in tensor.shape), tensor.dtype)


def _close(one: Any, other: Any) -> bool:
    return one is not None and numpy.allclose(one, other, rtol=1e-4, equal_nan=True)


def _parameters(call: Call) -> set[str]:
    return set(inspect.signature(call.function).parameters)


ONE = {
    "elementwise": _is_elementwise,
    "reduction": _reduces,
    "along": _is_along,
    "reshape": _rearranges,
}
"""What a function of one tensor may be, the first that holds."""
