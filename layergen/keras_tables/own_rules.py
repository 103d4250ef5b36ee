"""Shapes that no kind says: the rules that are written by hand.

A rule takes a function's arguments by its own names and in its order, with a shape where it takes a tensor
and shapes where it takes several, and gives a shape, or a list of them where it returns
several tensors. A size is a number, None where it is unknown, or anything that adds and
multiplies. A rule gives None where it cannot tell. What it is given fits together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

Shape = tuple[Any, ...]
Answer = Shape | list[Shape] | None
Axis = int | Sequence[int] | None


def _total(sizes: Sequence[Any]) -> Any:
    return None if None in sizes else sum(sizes)


def _product(sizes: Sequence[Any]) -> Any:
    return None if None in sizes else math.prod(sizes)


def _replaced(shape: Shape, axis: int, size: Any) -> Shape:
    axis %= len(shape)
    return (*shape[:axis], size, *shape[axis + 1 :])


def _without(shape: Shape, *axes: int) -> Shape:
    gone = {axis % len(shape) for axis in axes}
    return tuple(size for i, size in enumerate(shape) if i not in gone)


def _axes(axis: Axis) -> tuple[int, ...]:
    if axis is None:
        return ()
    return (axis,) if isinstance(axis, int) else tuple(axis)


def together(*shapes: Shape) -> Shape:
    """What shapes broadcast to: a one gives way, an unknown to a number."""
    found: list[Any] = []
    for back in range(1, max(map(len, shapes)) + 1):
        sizes = [shape[-back] for shape in shapes if len(shape) >= back]
        wide = [size for size in sizes if size != 1]
        known = [size for size in wide if size is not None]
        found.append(known[0] if known else None if wide else 1)
    return tuple(reversed(found))


def matmul(x1: Shape, x2: Shape) -> Answer:
    if not x1 or not x2:
        return None
    left = x1[-2:-1] if len(x1) > 1 else ()
    right = x2[-1:] if len(x2) > 1 else ()
    return (*together(x1[:-2], x2[:-2]), *left, *right)


def dot(x1: Shape, x2: Shape) -> Answer:
    if not x1 or not x2:
        return x1 or x2
    return (*x1[:-1], *_without(x2, -2 if len(x2) > 1 else -1))


def inner(x1: Shape, x2: Shape) -> Answer:
    return (*x1[:-1], *x2[:-1]) if x1 and x2 else x1 or x2


def tensordot(x1: Shape, x2: Shape, axes: Any = 2) -> Answer:
    if isinstance(axes, int):
        return (*x1[: len(x1) - axes], *x2[axes:])
    one, other = map(_axes, axes)
    return (*_without(x1, *one), *_without(x2, *other))


def einsum(subscripts: str, operands: Sequence[Shape]) -> Answer:
    terms, arrow, result = subscripts.replace(" ", "").partition("->")
    if not arrow or "." in subscripts:
        return None
    sizes: dict[str, Any] = {}
    for letters, shape in zip(terms.split(","), operands, strict=True):
        for letter, size in zip(letters, shape, strict=True):
            if sizes.get(letter) is None or sizes[letter] == 1:
                sizes[letter] = size
    return tuple(sizes[letter] for letter in result)


def outer(x1: Shape, x2: Shape) -> Answer:
    return (_product(x1), _product(x2))


def reshape(x: Shape, newshape: Shape) -> Answer:
    known = _product([size for size in newshape if size != -1])
    whole = _product(x)
    if -1 not in newshape or whole is None or known in (None, 0):
        return tuple(None if size == -1 else size for size in newshape)
    return tuple(whole // known if size == -1 else size for size in newshape)


def transpose(x: Shape, axes: Sequence[int] | None = None) -> Answer:
    return tuple(x[axis] for axis in axes) if axes is not None else x[::-1]


def swapaxes(x: Shape, axis1: int, axis2: int) -> Answer:
    found = list(x)
    found[axis1], found[axis2] = found[axis2], found[axis1]
    return tuple(found)


def moveaxis(x: Shape, source: Axis, destination: Axis) -> Answer:
    moved = [axis % len(x) for axis in _axes(source)]
    order = [axis for axis in range(len(x)) if axis not in moved]
    places = [axis % len(x) for axis in _axes(destination)]
    for place, axis in sorted(zip(places, moved, strict=True)):
        order.insert(place, axis)
    return tuple(x[axis] for axis in order)


def expand_dims(x: Shape, axis: Axis) -> Answer:
    rank = len(x) + len(_axes(axis))
    new = {one % rank for one in _axes(axis)}
    sizes = iter(x)
    return tuple(1 if one in new else next(sizes) for one in range(rank))


def squeeze(x: Shape, axis: Axis = None) -> Answer:
    if axis is not None:
        return _without(x, *_axes(axis))
    return None if None in x else tuple(size for size in x if size != 1)


def concatenate(xs: Sequence[Shape], axis: int = 0) -> Answer:
    first = xs[0]
    found = tuple(
        next((x[i] for x in xs if x[i] is not None), None) for i in range(len(first))
    )
    return _replaced(found, axis, _total([x[axis] for x in xs]))


def stack(x: Sequence[Shape], axis: int = 0) -> Answer:
    rank = len(x[0]) + 1
    known = [next((s[i] for s in x if s[i] is not None), None) for i in range(rank - 1)]
    known.insert(axis % rank, len(x))
    return tuple(known)


def split(x: Shape, indices_or_sections: Any, axis: int = 0) -> Answer:
    size = x[axis]
    if isinstance(indices_or_sections, int):
        part = None if size is None else size // indices_or_sections
        return [_replaced(x, axis, part)] * indices_or_sections
    if size is None:
        return None
    ends = [0, *indices_or_sections, size]
    pairs = zip(ends, ends[1:], strict=False)
    return [_replaced(x, axis, end - start) for start, end in pairs]


def unstack(x: Shape, num: int | None = None, axis: int = 0) -> Answer:
    count = num or x[axis]
    return None if count is None else [_without(x, axis)] * count


def take(x: Shape, indices: Shape, axis: int | None = None) -> Answer:
    if axis is None:
        return indices
    axis %= len(x)
    return (*x[:axis], *indices, *x[axis + 1 :])


def one_hot(x: Shape, num_classes: int, axis: int = -1, **others: Any) -> Answer:
    place = axis % (len(x) + 1)
    return (*x[:place], num_classes, *x[place:])


def repeat(x: Shape, repeats: Any, axis: int | None = None) -> Answer:
    if not isinstance(repeats, int):
        return None
    size = _product(x) if axis is None else x[axis]
    size = None if size is None else size * repeats
    return (size,) if axis is None else _replaced(x, axis, size)


def tile(x: Shape, repeats: Any) -> Answer:
    times = _axes(repeats)
    rank = max(len(times), len(x))
    sizes = (1,) * (rank - len(x)) + x
    times = (1,) * (rank - len(times)) + times
    pairs = zip(sizes, times, strict=True)
    return tuple(None if size is None else size * many for size, many in pairs)


def pad(x: Shape, pad_width: Any, **others: Any) -> Answer:
    # One width for all axes is refused by TensorFlow.
    if isinstance(pad_width, int) or len(pad_width) != len(x):
        return None
    if any(isinstance(one, int) for one in pad_width):
        return None
    pairs = zip(x, pad_width, strict=True)
    return tuple(None if size is None else size + a + b for size, (a, b) in pairs)


def cumulated(x: Shape, axis: int | None = None, **others: Any) -> Answer:
    return (_product(x),) if axis is None else x


def along_or_flat(x: Shape, axis: int | None = -1) -> Answer:
    return (_product(x),) if axis is None else x


def glu(x: Shape, axis: int = -1) -> Answer:
    size = x[axis]
    return _replaced(x, axis, None if size is None else size // 2)


def top_k(x: Shape, k: int, **others: Any) -> Answer:
    return [(*x[:-1], k)] * 2


def diff(a: Shape, n: int = 1, axis: int = -1) -> Answer:
    size = a[axis]
    return _replaced(a, axis, None if size is None else size - n)


def moments(x: Shape, axes: Axis, keepdims: bool = False, **others: Any) -> Answer:
    if not keepdims:
        return [_without(x, *_axes(axes))] * 2
    for axis in _axes(axes):
        x = _replaced(x, axis, 1)
    return [x] * 2


def norm(x: Shape, axis: Axis = None, keepdims: bool = False, **others: Any) -> Answer:
    # TensorFlow refuses more than two axes.
    if axis is None and len(x) > 2:
        return None
    gone = _axes(axis) if axis is not None else tuple(range(len(x)))
    if not keepdims:
        return _without(x, *gone)
    for one in gone:
        x = _replaced(x, one, 1)
    return x


def diagonal(x: Shape, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Answer:
    if offset or None in (x[axis1], x[axis2]):
        return (*_without(x, axis1, axis2), None) if not offset else None
    return (*_without(x, axis1, axis2), min(x[axis1], x[axis2]))


def eye(N: int, M: int | None = None, **others: Any) -> Answer:
    return (N, N if M is None else M)


def _first(**arguments: Any) -> Answer:
    return tuple(next(iter(arguments.values())))


def _second(**arguments: Any) -> Answer:
    return tuple([*arguments.values()][1])


def _scalar(**arguments: Any) -> Answer:
    return ()


def _of_matrix(x: Shape, **others: Any) -> Answer:
    return x[:-2]


RULES: dict[str, Callable[..., Answer]] = {
    **dict.fromkeys(("cumprod", "cumsum", "nancumprod", "nancumsum"), cumulated),
    **dict.fromkeys(("argsort", "sort"), along_or_flat),
    **dict.fromkeys(("det", "logdet"), _of_matrix),
    **dict.fromkeys(("argpartition", "inv", "isin", "slice_update", "tril"), _first),
    **dict.fromkeys(("triu", "fliplr", "dropout", "shuffle"), _first),
    "allclose": _scalar,
    "broadcast_to": _second,
    "concatenate": concatenate,
    "diagonal": diagonal,
    "diff": diff,
    "dot": dot,
    "einsum": einsum,
    "expand_dims": expand_dims,
    "eye": eye,
    "glu": glu,
    "identity": lambda n, dtype=None: (n, n),
    "inner": inner,
    "matmul": matmul,
    "moments": moments,
    "moveaxis": moveaxis,
    "norm": norm,
    "one_hot": one_hot,
    "outer": outer,
    "pad": pad,
    "ravel": lambda x: (_product(x),),
    "repeat": repeat,
    "reshape": reshape,
    "searchsorted": _second,
    "size": _scalar,
    "split": split,
    "squeeze": squeeze,
    "stack": stack,
    "swapaxes": swapaxes,
    "take": take,
    "tensordot": tensordot,
    "tile": tile,
    "top_k": top_k,
    "trace": lambda x, offset=0, axis1=0, axis2=1: _without(x, axis1, axis2),
    "transpose": transpose,
    "tri": eye,
    "unstack": unstack,
    "vdot": _scalar,
}
