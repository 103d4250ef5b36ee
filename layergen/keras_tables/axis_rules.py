"""Shapes that come of going along an axis, or of taking parts from it."""

from __future__ import annotations

from typing import Any

from layergen.keras_tables.shape_parts import (
    Answer,
    Axis,
    Shape,
    axes_of,
    product,
    replaced,
    together,
    without,
)


def cumulated(x: Shape, axis: int | None = None, **others: Any) -> Answer:
    return (product(x),) if axis is None else x


def along_or_flat(x: Shape, axis: int | None = -1) -> Answer:
    if not x:
        return None
    return (product(x),) if axis is None else x


def glu(x: Shape, axis: int = -1) -> Answer:
    size = x[axis]
    return replaced(x, axis, None if size is None else size // 2)


def top_k(x: Shape, k: int, **others: Any) -> Answer:
    return [(*x[:-1], k)] * 2


def diff(a: Shape, n: int = 1, axis: int = -1) -> Answer:
    size = a[axis]
    return replaced(a, axis, None if size is None else size - n)


def moments(x: Shape, axes: Axis, keepdims: bool = False, **others: Any) -> Answer:
    if not keepdims:
        return [without(x, *axes_of(axes))] * 2
    for axis in axes_of(axes):
        x = replaced(x, axis, 1)
    return [x] * 2


def norm(x: Shape, axis: Axis = None, keepdims: bool = False, **others: Any) -> Answer:
    # TensorFlow refuses more than two axes.
    if axis is None and len(x) > 2:
        return None
    gone = axes_of(axis) if axis is not None else tuple(range(len(x)))
    if not keepdims:
        return without(x, *gone)
    for one in gone:
        x = replaced(x, one, 1)
    return x


def quantile(
    x: Shape, q: Shape, axis: Axis = None, keepdims: bool = False, **others: Any
) -> Answer:
    gone = axes_of(axis) if axis is not None else tuple(range(len(x)))
    if not keepdims:
        return (*q, *without(x, *gone))
    for one in gone:
        x = replaced(x, one, 1)
    return (*q, *x)


def trapezoid(y: Shape, axis: int = -1, **others: Any) -> Answer:
    return without(y, axis)


def crossentropy(target: Shape, axis: int = -1, **others: Any) -> Answer:
    return without(target, axis)


def take(x: Shape, indices: Shape, axis: int | None = None) -> Answer:
    if axis is None:
        return indices
    axis %= len(x)
    return (*x[:axis], *indices, *x[axis + 1 :])


def take_along_axis(x: Shape, indices: Shape, axis: int | None = None) -> Answer:
    if axis is None:
        return indices
    beside = together(replaced(x, axis, 1), replaced(indices, axis, 1))
    return replaced(beside, axis, indices[axis])


def one_hot(x: Shape, num_classes: int, axis: int = -1, **others: Any) -> Answer:
    place = axis % (len(x) + 1)
    return (*x[:place], num_classes, *x[place:])


def multi_hot(inputs: Shape, num_classes: int | None = None, axis: int = -1) -> Answer:
    if num_classes is None or axis != -1:
        return None
    return (*inputs[:-1], num_classes) if len(inputs) > 1 else (num_classes,)


def segments(data: Shape, num_segments: int | None = None, **others: Any) -> Answer:
    return (num_segments, *data[1:])


def sequences(x: Shape, sequence_length: int, sequence_stride: int) -> Answer:
    size = x[-1]
    if size is None:
        return (*x[:-1], None, sequence_length)
    return (*x[:-1], (size - sequence_length) // sequence_stride + 1, sequence_length)


def categorical(logits: Shape, num_samples: int) -> Answer:
    return (*logits[:-1], num_samples)
