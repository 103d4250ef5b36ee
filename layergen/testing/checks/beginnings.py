"""Where training begins: weights that are equal there, and are trained as one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..introspect import defaults_of, relative_path
from ..numerics import is_float
from ..outcomes import NotApplicable
from ..points import BACKWARD
from ..registry import check
from ..scopes import seeded

STEPS = 3
RATE = 0.1  # Of a weight's largest gradient, which is the size of its step.
CLONE = (
    "One initializer object gives the same values each time: give every weight one of its "
    "own, `initializer.clone()`."
)
DRAW = "Begin with random values, such as those of `glorot_uniform`."


def trained(case: LayerCase) -> bool:
    return case.gradient is not None


@check("training", applies=trained)
def weights_begin_apart(ctx: Context) -> None:
    """Guards against weights that begin equal, so that training cannot tell them apart.

    Hidden units whose weights are all ones, or all zeros, get the same gradient in every
    step: however many there are, they compute one thing. And an initializer object that
    is used twice draws the same values twice.
    """
    layer = begun(ctx)
    if not layer.trainable_weights:
        raise NotApplicable(f"{ctx.name} has no trainable weight")
    for one, other in drawn_alike(ctx, layer):
        ctx.fail(f"`{one}` and `{other}` begin with the same random values.", CLONE)
    places = [*alike(layer)]
    if not places or not any(is_float(one) for one in ctx.outputs):
        return
    before = values_of(layer)
    for attempt in range(STEPS):
        take_a_step(ctx, layer, attempt)
    for place, axis in places:
        weight = values_of(layer)[place]
        moved = np.abs(weight - before[place]).max()
        apart = np.abs(weight - np.take(weight, [0], axis)).max()
        if moved and apart <= 1e-4 * moved:
            path = relative_path(layer.trainable_weights[place], layer)
            ctx.fail(
                f"the {weight.shape[axis]} parts of `{path}` along axis {axis} begin "
                f"equal, and {STEPS} steps of training leave them so: they do the work "
                "of one.",
                DRAW,
            )


def begun(ctx: Context, **changes: Any) -> Any:
    """The layer as its own initializers make it, whatever ones the case gives."""
    defaults = defaults_of(ctx.case.layer)
    own = {
        name: defaults[name]
        for name in ctx.case.args
        if name.endswith("_initializer") and name in defaults
    }
    layer = ctx.make.new(None, **own, **changes)
    # What `build` draws must not be what the constructor has drawn.
    with seeded(ctx.case.seed + 1):
        ctx.call.run(layer, ctx.inputs)
    return layer


def values_of(layer: Any) -> list[Array]:
    return [backend.to_numpy(one).copy() for one in layer.trainable_weights]


def drawn_alike(ctx: Context, layer: Any) -> Iterator[tuple[str, str]]:
    """The weights that are equal pairwise, though another seed gives them other values."""
    values = values_of(layer)
    pairs = [
        (i, j)
        for (i, one), (j, other) in combinations(enumerate(values), 2)
        if np.array_equal(one, other) and np.ptp(one.astype("float64")) > 0
    ]
    if not pairs:
        return
    otherwise = Context(replace(ctx.case, seed=ctx.case.seed + 1))
    seed = {"seed": 1} if "seed" in ctx.case.constructor else {}
    others = values_of(begun(otherwise, **seed))
    paths = [relative_path(one, layer) for one in layer.trainable_weights]
    for i, j in pairs:
        if np.array_equal(others[i], others[j]) and (others[i] != values[i]).any():
            yield paths[i], paths[j]


def alike(layer: Any) -> Iterator[tuple[int, int]]:
    """The weights all of whose parts along an axis are equal: place and axis.

    Of one axis, as biases and gains have, nothing is said: nothing begins elsewhere.
    """
    for place, value in enumerate(values_of(layer)):
        if value.ndim < 2 or not is_float(value):
            continue
        for axis, size in enumerate(value.shape):
            if size > 1 and (value == np.take(value, [0], axis)).all():
                yield place, axis


def take_a_step(ctx: Context, layer: Any, attempt: int) -> None:
    """Moves every weight against its gradient, for a loss that no two outputs share."""
    rng = ctx.draws.rng(30, attempt)

    def call(flat: list[Any]) -> list[Any]:
        outputs = ctx.call.flat(layer, flat, **ctx.case.in_training)
        return [*outputs, *layer.losses]

    def upstream(floats: list[Any]) -> list[Array]:
        return [rng.standard_normal(tuple(one.shape)) for one in floats]

    weights = list(layer.trainable_weights)
    inputs = ctx.draws.others(attempt)
    with ctx.blame("the backward pass", BACKWARD):
        _, found = backend.gradients(call, inputs, weights, upstream)
    for one, gradient in zip(weights, found[-len(weights) :], strict=True):
        largest = 0.0 if gradient is None else np.abs(gradient).max(initial=0)
        if largest and np.isfinite(largest):
            value = backend.to_numpy(one)
            one.assign((value - RATE * gradient / largest).astype(value.dtype))
