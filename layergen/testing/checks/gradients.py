"""Gradients: there, right, of the right shape, and safe to differentiate again."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..context import Context
from ..drawing import cast
from ..introspect import own_weights, relative_path
from ..mends import gradientless_mend
from ..numerics import difference, first_difference, is_float
from ..points import (
    ATTEMPTS,
    CUSTOM,
    Point,
    as_array,
    first_gradients,
    point_of,
    training_gradients,
)
from ..registry import check

STATED = "It gets inputs, weights, arguments and `upstream` by name: end it with `**_`."


def excused(ctx: Context, name: str) -> bool:
    """Whether the case says that this gradient is rightly zero."""
    bare = name.split("`")[1]
    return name in borrowed(ctx) or any(
        bare == one or bare.endswith(f"/{one}") or bare.split("[")[0] == one
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


@check("gradients", applies=lambda case: case.gradient is not None)
def everything_gets_a_gradient(ctx: Context) -> None:
    """Guards against a weight or input that the loss cannot reach.

    A detour through NumPy, a cast to integer or `stop_gradient` cuts the tape; Keras
    then trains the rest and says nothing.
    """
    point, found = first_gradients(ctx)
    for index in vanishing(ctx, point, found):
        name = point.names[index]
        if only_integers_read(ctx, name):
            continue
        if found[index] is None and changes_outputs(point, index):
            mend = gradientless_mend(ctx.case)
            ctx.fail(
                f"{name} gets no gradient, though outputs depend on it: an operation "
                "between them has none.",
                mend or f"{CUSTOM} Or state it in `zero_gradient`.",
            )
        if found[index] is None:
            ctx.fail(
                f"{name} gets no gradient: no output depends on it.",
                "Use it in `call`, or state it in `zero_gradient`.",
            )
        if not has_no_effect(point, index):
            ctx.fail(
                f"the gradient of {name} is zero everywhere.",
                gradientless_mend(ctx.case)
                or f"State it in `zero_gradient` if that is right. {CUSTOM}",
            )


def vanishing(ctx: Context, point: Point, found: list[Any]) -> list[int]:
    """The places of gradients that are missing or zero, unexpectedly and everywhere.

    Training, and what it adds to the loss, may make up for it; and so may other
    inputs: a dead `relu` is no fault.
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
    return left


def vanishes(gradient: Any, others: list[Any]) -> bool:
    """Whether a gradient is missing, or nothing beside the others."""
    if gradient is None:
        return True
    present = [np.abs(one).max(initial=0) for one in others if one is not None]
    return bool(np.abs(gradient).max(initial=0) <= 1e-13 * max(present, default=0))


def may_differ_in_training(ctx: Context) -> bool:
    return bool(ctx.case.losses or ctx.case.training) and not ctx.case.is_cell


def changes_outputs(point: Point, index: int) -> bool:
    """Whether a large step of a source, either way, shows in any output."""
    before = point.ctx.call.run(point.ctx.twin, point.inputs)
    for size in (3.7, -3.7):
        with point.moved(index, size * np.ones_like(point.sources[index])) as there:
            after = there.ctx.call.run(there.ctx.twin, there.inputs)
        if first_difference(after, before, 1e-6):
            return True
    return False


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


@check("gradients", applies=lambda case: case.gradient is not None)
def gradients_are_finite(ctx: Context) -> None:
    """Guards against NaN in the backward pass where the forward pass is fine.

    `ops.where` does not help: the branch not taken still sends `0 * inf` back.
    """
    point, found = first_gradients(ctx)
    for name, gradient in zip(point.names, found, strict=True):
        if gradient is not None and not np.isfinite(gradient).all():
            ctx.fail(
                f"the gradient of {name} is not finite everywhere.",
                "Keep the arguments of `log`, `sqrt`, `/` and `**` away from zero "
                "before they are used, not after.",
            )


@check("gradients", applies=lambda case: case.gradient is not None)
def zero_upstream_gives_zero_gradient(ctx: Context) -> None:
    """Guards against a backward pass that forgets to multiply by the upstream.

    Padded and masked steps send exactly zero back; NaN times zero is NaN.
    """
    point, _ = first_gradients(ctx)
    found = point.gradients([np.zeros_like(one) for one in ctx.upstream])
    for name, gradient in zip(point.names, found, strict=True):
        if gradient is not None and np.asarray(gradient != 0).any():
            ctx.fail(
                f"with a zero upstream gradient, the gradient of {name} is not zero.",
                "Every term of the custom gradient must be a multiple of `upstream`.",
            )


@check("gradients", applies=lambda case: case.gradient is not None)
def gradient_has_its_arguments_shape_and_dtype(ctx: Context) -> None:
    """Guards against a custom gradient that forgets what broadcasting and casts did.

    A bias needs its gradient summed over the batch, in the dtype it came in. The
    tape hands a wrong one on, and the optimizer broadcasts it.
    """
    for policy, dtype in (("float32", "float32"), ("mixed_float16", "float16")):
        layer, _ = ctx.policies.under(policy)
        inputs = cast(ctx.inputs, dtype)
        with ctx.blame(f"the backward pass under {policy}", CUSTOM):
            found = backend.gradients(
                lambda flat, layer=layer: ctx.call.flat(layer, flat),  # type: ignore[misc]
                inputs,
                layer.trainable_weights,
                lambda outputs: [np.ones(one.shape, "float32") for one in outputs],
            )[1]
        sources = [one for one in inputs if is_float(one)]
        sources += [backend.to_numpy(one) for one in layer.trainable_weights]
        for name, source, gradient in zip(
            point_of(ctx).names, sources, found, strict=True
        ):
            if gradient is None:
                continue
            wanted, got = (source.shape, source.dtype), (gradient.shape, gradient.dtype)
            if wanted != got:
                ctx.fail(
                    f"under {policy}, {name} has shape {wanted[0]} and dtype "
                    f"{wanted[1]}, its gradient {got[0]} and {got[1]}.",
                    "Sum the gradient over the axes that broadcasting spread, and cast "
                    "it to the argument's dtype.",
                )


@check("gradients", applies=lambda case: callable(case.gradient))
def surrogate_gradient_equals_formula(ctx: Context) -> None:
    """Guards against a surrogate gradient that is not the stated formula.

    Nothing in Keras compares a custom gradient with anything; a sign or a missing factor
    only shows in how well a model trains.
    """
    point, found = first_gradients(ctx)
    available = {
        **ctx.weights.values(ctx.twin),
        **dict(ctx.case.pack(ctx.inputs64)),
        "upstream": ctx.upstream[0] if len(ctx.upstream) == 1 else tuple(ctx.upstream),
    }
    with ctx.blame("the case's `gradient` function", STATED):
        answer = ctx.case.gradient(**available)  # type: ignore[misc,operator]
    if not isinstance(answer, Mapping):
        answer = {ctx.case.labels[0]: answer}
    received = {
        name.split("`")[1]: one for name, one in zip(point.names, found, strict=True)
    }
    received = {name.replace("/", "_"): one for name, one in received.items()}
    for name, expected in answer.items():
        if name not in received:
            ctx.fail(
                f"the `gradient` function speaks of {name!r}, which has none.",
                f"Return gradients of these alone: {sorted(received)}.",
            )
        one, expected = received[name], np.asarray(expected, dtype="float64")
        got = np.zeros_like(expected) if one is None else as_array(one)
        problem = difference(got, expected, 1e-6)
        if problem:
            ctx.fail(
                f"the gradient of `{name}` is not the stated one: {problem}.", CUSTOM
            )


@check("gradients", applies=lambda case: case.gradient is not None)
def backward_pass_is_deterministic(ctx: Context) -> None:
    """Guards against randomness in the backward pass that the forward has not.

    Two runs over the same values must agree, or no training run can be repeated.
    """
    point, first = first_gradients(ctx)
    for name, one, other in zip(point.names, first, point.gradients(), strict=True):
        if one is None or other is None:
            continue
        if difference(as_array(other), as_array(one), 1e-9):
            ctx.fail(
                f"two backward passes over the same values give {name} different "
                "gradients.",
                "Draw nothing at random in the custom gradient.",
            )
