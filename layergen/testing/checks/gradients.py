"""Gradients: there, right, of the right shape, and safe to differentiate again."""

from collections.abc import Mapping

import numpy as np

from ..backend import backend
from ..context import NOWHERE, Context
from ..drawing import cast
from ..faulty_lines import comparing_mend, gradientless_mend
from ..introspect import vars_of
from ..numerics import difference, is_float
from ..points import (
    BACKWARD,
    Point,
    as_array,
    first_gradients,
    point_of,
)
from ..registry import check
from ..vanishing import (
    has_no_effect,
    only_integers_read,
    only_shape_read,
    shows,
    vanishing,
)

CANCELS = (
    "Leave it out: what is added to all that a softmax or a normalization compares "
    "cancels."
)
STATED = "It gets inputs, weights, arguments and `upstream` by name: end it with `**_`."


@check("gradients", applies=lambda case: case.gradient is not None)
def everything_gets_a_gradient(ctx: Context) -> None:
    """Guards against a weight or input that the loss cannot reach.

    A detour through NumPy, a cast to integer or `stop_gradient` cuts the tape; Keras
    then trains the rest and says nothing.
    """
    point, found = first_gradients(ctx)
    for index in vanishing(ctx, point, found):
        name = point.names[index]
        if only_integers_read(ctx, name) or only_shape_read(ctx, name):
            continue
        meant = "State it in `zero_gradient` if that is right."
        mend = gradientless_mend(ctx.case) or comparing_mend(
            ctx.case, written(point, index)
        )
        mend = mend or f"{cutting_hint(ctx)} {meant}"
        if found[index] is None and shows(point, index):
            ctx.fail(f"{name} gets no gradient, though outputs change with it.", mend)
        if found[index] is None:
            ctx.fail(
                f"{name} gets no gradient: no output depends on it.",
                "Use it in `call`, or state it in `zero_gradient`.",
            )
        if has_no_effect(point, index):
            continue
        if not shows(point, index):
            ctx.fail(
                f"the gradient of {name} is zero everywhere: no output changes with it.",
                f"{CANCELS} {meant}",
            )
        ctx.fail(f"the gradient of {name} is zero everywhere.", mend)


def written(point: Point, index: int) -> str:
    """How a layer's code writes an argument: the attribute of a weight, or the input."""
    inputs = len(point.sources) - len(point.variables)
    if index < inputs:
        return point.names[index].split("`")[1]
    variable = point.variables[index - inputs]
    core = point.ctx.make.core(point.ctx.twin)
    kept = (name for name, value in vars_of(core).items() if value is variable)
    return f"self.{next(kept, '')}"


def cutting_hint(ctx: Context) -> str:
    """Where to look for what lets no gradient through."""
    if "comparison" not in ctx.traits(ctx.layer):
        return ctx.gradient_hint
    told = ctx.gradient_hint
    return "A comparison lets none through." + ("" if told == NOWHERE else f" {told}")


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
        with ctx.blame(f"the backward pass under {policy}", BACKWARD):
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
                f"the gradient of `{name}` is not the stated one: {problem}.",
                ctx.gradient_hint,
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
