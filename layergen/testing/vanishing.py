"""Gradients that vanish: which of them are expected to, and what else shows an argument."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from .case import Array
from .context import Context
from .introspect import own_weights, relative_path
from .numerics import difference, first_difference, is_float, random_like
from .outcomes import CheckFailure
from .points import ATTEMPTS, Point, point_of, training_gradients


def excused(ctx: Context, name: str) -> bool:
    """Whether the case says that this gradient is rightly zero."""
    bare = name.split("`")[1]
    return name in borrowed(ctx) or any(
        bare.split("[")[0] == one
        or bare.endswith(f"/{one}")
        or bare.startswith(f"{one}/")
        for one in ctx.case.zero_gradient
    )


def borrowed(ctx: Context) -> set[str]:
    """The weights of layers that were given built, of which one alone may be read: they
    are somebody else's too."""
    layer = ctx.make.core(ctx.twin)
    held = (
        getattr(layer, name, None)
        for name, value in ctx.case.args.items()
        if isinstance(value, keras.layers.Layer) and value.built
    )
    return {
        f"weight `{relative_path(one, ctx.twin)}`"
        for inner in held
        if isinstance(inner, keras.layers.Layer)
        for one in inner.weights
    }


def vanishing(ctx: Context, point: Point, found: list[Any]) -> list[int]:
    """The places of gradients that are missing or zero, unexpectedly and everywhere.

    Training, and what it adds to the loss, may make up for it; and so may other
    inputs: a dead `relu` is no fault, nor is a weight that stands in for what is missing.
    """
    left = [i for i, name in enumerate(point.names) if not excused(ctx, name)]
    left = [i for i in left if vanishes(found[i], found)]
    if left and may_differ_in_training(ctx):
        others = training_gradients(ctx)
        left = [i for i in left if vanishes(others[i], others)]
    for attempt in range(1, ATTEMPTS):
        if left:
            others = point_of(ctx, attempt).gradients()
            left = [i for i in left if vanishes(others[i], others)]
    for gap in gaps(ctx):
        if left:
            others = gradients_with_gaps(ctx, gap)
            left = [i for i in left if vanishes(others[i], others)]
    return left


def gaps(ctx: Context) -> Iterator[float]:
    """What may stand for a missing value: NaN, and what the layer's arguments name."""
    yield np.nan
    for value in ctx.case.args.values():
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield float(value)


def gradients_with_gaps(ctx: Context, gap: float) -> list[Any]:
    """The gradients where inputs have gaps in them, of a layer that fills such; none of
    what it does not make finite."""
    inputs = [with_gaps(one, gap) if is_float(one) else one for one in ctx.inputs64]
    there = replace(point_of(ctx), inputs=inputs)
    try:
        outputs = ctx.call.run(ctx.twin, inputs)
    except CheckFailure:
        outputs = [np.full((), np.nan)]  # It knows of no gaps.
    if not all(np.isfinite(one).all() for one in outputs if is_float(one)):
        return [None] * len(there.sources)
    found = there.gradients()
    return [
        one if one is not None and np.isfinite(one).all() else None for one in found
    ]


def with_gaps(value: Array, gap: float) -> Array:
    """The array with a gap for every third value."""
    places = np.arange(value.size).reshape(value.shape)
    return np.where(places % 3 == 0, gap, value)


def vanishes(gradient: Any, others: list[Any]) -> bool:
    """Whether a gradient is missing, or nothing beside the others."""
    if gradient is None:
        return True
    present = [np.abs(one).max(initial=0) for one in others if one is not None]
    return bool(np.abs(gradient).max(initial=0) <= 1e-13 * max(present, default=0))


def may_differ_in_training(ctx: Context) -> bool:
    adds = ctx.case.losses != 0
    return bool(adds or ctx.case.training) and not ctx.case.is_cell


def has_no_effect(point: Point, index: int) -> bool:
    """Whether a sublayer's weight changes no output, as the bias of attention's keys.

    Such a weight came with the sublayer; one of the layer's own is taken for forgotten.
    """
    inputs = len(point.sources) - len(point.variables)
    own = {id(one) for one in own_weights(point.ctx.make.core(point.ctx.twin))}
    if index < inputs or id(point.variables[index - inputs]) in own:
        return False
    before = point.value()
    with point.moved(index, 0.1 * np.ones_like(point.sources[index])) as there:
        return abs(there.value() - before) <= 1e-9 * max(1.0, abs(before))


def shows(point: Point, index: int) -> bool:
    """Whether an argument, moved a little or far and either way, changes an output.

    Integer outputs count too, which have no part in the point's value.
    """
    ctx, rng = point.ctx, point.ctx.draws.rng(13)
    before = ctx.call.run(ctx.twin, point.inputs)
    direction = random_like(point.sources[index], rng)
    for size in (0.01, 0.3, 3.7, -3.7):
        # Far off, each element is moved at least by the size.
        step = size * (direction + (abs(size) > 1) * np.sign(direction))
        with point.moved(index, step) as there:
            after = ctx.call.run(ctx.twin, there.inputs)
        if first_difference(after, before, 1e-6):
            return True
    return False


def only_integers_read(ctx: Context, name: str) -> bool:
    """Whether an input shows in integer outputs and in no float output."""
    label = name.split("`")[1]
    if not name.startswith("input") or all(is_float(one) for one in ctx.outputs):
        return False
    place = ctx.case.labels.index(label)
    changed = {False: False, True: False}
    for attempt in range(1, 4):
        inputs = list(ctx.inputs)
        inputs[place] = ctx.draws.others(attempt)[place]
        received = ctx.call.run(ctx.layer, inputs)
        for one, other in zip(received, ctx.outputs, strict=True):
            changed[is_float(other)] |= difference(one, other, 0.0) is not None
    return changed[False] and not changed[True]


def only_shape_read(ctx: Context, name: str) -> bool:
    """Whether an input shows by its sizes in those of the outputs, and by its values in
    nothing; that of the batch tells nothing of an only input."""
    label = name.split("`")[1]
    if not name.startswith("input"):
        return False
    place, several = ctx.case.labels.index(label), len(ctx.inputs) > 1
    shapes = [one.shape for one in ctx.outputs]

    def run(layer: Any, value: Array) -> list[Array]:
        return ctx.call.run(
            layer, [*ctx.inputs[:place], value, *ctx.inputs[place + 1 :]]
        )

    if first_difference(run(ctx.layer, ctx.draws.others(1)[place]), ctx.outputs, 0.0):
        return False
    for value in _of_other_sizes(ctx.inputs[place], 0 if several else 1):
        try:
            received = run(ctx.make.new(), value)  # It may be built for its sizes.
        except CheckFailure:
            continue
        if [one.shape for one in received] != shapes:
            return True
    return False


def _of_other_sizes(value: Array, first: int) -> Iterator[Array]:
    """An array with more and with less along each axis from the first on."""
    for axis in range(first, value.ndim):
        yield np.repeat(value, 2, axis)
        if value.shape[axis] > 1:
            yield np.delete(value, 0, axis)
