"""Values: finite, and equal to what else computes the same."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import difference, first_difference, is_float
from ..outcomes import NotApplicable
from ..points import BACKWARD
from ..registry import check
from ..scopes import global_policy

EXACT = 1e-5
NAMES = "It gets inputs, weights, states and arguments by name: end it with `**_`."
EQUAL = "It gets the layer's arguments, and must make a layer for the same inputs."


@check("values")
def outputs_are_finite(ctx: Context) -> None:
    """Guards against NaN and infinity for ordinary inputs.

    Keras looks at no value: NaN goes through every layer after it, into the loss and, in
    one step, into all weights.
    """
    for number, one in enumerate(ctx.outputs):
        if is_float(one) and not np.isfinite(one).all():
            ctx.fail(
                f"output {number} has {int((~np.isfinite(one)).sum())} values that are "
                f"not finite, out of {one.size}.",
                "Look for a division by zero, `log` or `sqrt` of what may be negative, "
                "`exp` of what may be large; or state the inputs' range, if they have one.",
            )


def has_reference(case: LayerCase) -> bool:
    return case.reference is not None and not case.is_cell


@dataclass(frozen=True)
class Referred:
    """What the reference computes: outputs, states after the call, losses."""

    outputs: list[Array]
    states: dict[str, Array]
    losses: list[Array]


def referred(
    ctx: Context,
    layer: Any,
    flat: list[Array],
    training: bool = False,
    called: Mapping[str, Any] | None = None,
) -> Referred:
    """Calls the case's reference with the weights of a layer; `called` are arguments of
    `call` other than the case's."""
    losses: list[Any] = []
    available = {
        "training": training,
        "add_loss": losses.append,
        **ctx.weights.values(layer),
        **dict(ctx.case.pack(flat)),
        **(called or {}),
    }
    with ctx.blame("the case's `reference` function", NAMES):
        answer = ctx.case.reference(**available)  # type: ignore[misc]
    return Referred(
        [np.asarray(one) for one in keras.tree.flatten(answer)],
        {name: available[name] for name in ctx.case.states or {}},
        [np.asarray(one) for one in losses],
    )


@check("values", applies=has_reference)
def equals_reference(ctx: Context) -> None:
    """Guards against a formula that is not the intended one.

    The NumPy reference gets inputs, weights, states as they are before the call, and
    arguments by name, in float64.
    """
    expected = referred(ctx, ctx.twin, ctx.inputs64).outputs
    found = first_difference(ctx.outputs64, expected, EXACT)
    if found:
        ctx.fail(
            f"the outputs are not the reference's: {found}.",
            "Compare `call` with the reference, axis by axis.",
        )


@check("values", applies=has_reference)
def equals_reference_at_zeros(ctx: Context) -> None:
    """Guards against a formula that is another one where a value is exactly zero.

    Padding, `relu` and zero initializers make such values, random ones never are:
    `>` in place of `>=` shows there alone.
    """
    layer = ctx.build.twin_of(ctx.twin, "float64")
    for one in layer.trainable_weights:
        one.assign(with_zeros(backend.to_numpy(one)))
    inputs = [with_zeros(one) if is_float(one) else one for one in ctx.inputs64]
    with np.errstate(all="ignore"):
        expected = referred(ctx, layer, inputs).outputs
    if not all(np.isfinite(one).all() for one in expected):
        raise NotApplicable("the reference is not finite where values are zero")
    found = first_difference(ctx.call.run(layer, inputs), expected, EXACT)
    if found:
        ctx.fail(
            f"where inputs and weights are zero, the outputs are not the reference's: "
            f"{found}.",
            "Compare what `call` and the reference do at zero: `>` and `>=`, `sign`, "
            "divisions.",
        )


def refers_to_training(case: LayerCase) -> bool:
    if not has_reference(case) or case.is_random:
        return False
    taken = inspect.signature(case.reference).parameters  # type: ignore[arg-type]
    return case.has_states or "training" in taken or "add_loss" in taken


@check("values", applies=refers_to_training)
def training_equals_reference(ctx: Context) -> None:
    """Guards against a wrong formula for what only training shows: states and losses.

    The reference may take `training` and `add_loss`, and update the states that it is
    given in place: `mean[...] = 0.9 * mean + 0.1 * x.mean(axis=0)`. Those are compared.
    """
    layer = ctx.build.twin_of(ctx.twin, "float64")
    before = ctx.weights.states(layer)
    expected = referred(ctx, layer, ctx.inputs64, training=True)
    moved = [
        name
        for name, value in expected.states.items()
        if difference(value, before[name], 0)
    ]
    taken = inspect.signature(ctx.case.reference).parameters  # type: ignore[arg-type]
    if not (moved or expected.losses or "training" in taken):
        raise NotApplicable("the reference speaks of no state and no loss")
    outputs = ctx.call.step(layer, ctx.inputs64, **ctx.case.in_training)
    found = first_difference(outputs, expected.outputs, EXACT)
    after = ctx.weights.states(layer)
    for name in moved:
        problem = difference(after[name], expected.states[name], EXACT)
        found = found or (problem and f"the state `{name}`: {problem}")
    if expected.losses:
        losses = [backend.to_numpy(one) for one in layer.losses]
        losses = losses[: len(expected.losses)]
        problem = first_difference(losses, expected.losses, EXACT)
        found = found or (problem and f"the losses: {problem}")
    if found:
        ctx.fail(
            f"a call in training does not do what the reference does: {found}.",
            "Compare what `call` assigns and adds with the reference.",
        )


def with_zeros(value: Array) -> Array:
    """The array with every second value zero, the last one too."""
    places = np.arange(value.size)[::-1].reshape(value.shape)
    return np.where(places % 2 == 0, np.zeros_like(value), value)


def equivalent_of(ctx: Context) -> Any:
    """The equivalent layer in float64, with the weights of `twin`."""
    with global_policy("float64"), ctx.blame("the case's `equivalent`", EQUAL):
        made = ctx.case.equivalent(**ctx.case.args)  # type: ignore[misc]
        other = ctx.make.runnable(made)
        ctx.call.run(other, ctx.inputs64)
    values = [backend.to_numpy(one) for one in ctx.twin.weights]
    shapes = [tuple(one.shape) for one in other.weights]
    if shapes != [one.shape for one in values]:
        ctx.fail(
            f"the weights' shapes are {[one.shape for one in values]}, "
            f"those of the equivalent {type(other).__name__} are {shapes}.",
            "Create the weights in the same order and shapes as the equivalent layer.",
        )
    ctx.weights.copy(ctx.twin, other)
    return other


@check("values", applies=lambda case: case.equivalent is not None)
def equals_equivalent(ctx: Context) -> None:
    """Guards against a formula that is not that of the built-in layer it replaces.

    Both get the same weights, in the order in which Keras lists them, which is that of
    their creation.
    """
    other = equivalent_of(ctx)
    found = first_difference(ctx.outputs64, ctx.call.run(other, ctx.inputs64), EXACT)
    if found:
        ctx.fail(
            f"with the same weights, {type(other).__name__} computes something else: "
            f"{found}.",
            "Compare `call` and the weights' order with the equivalent layer.",
        )


def differentiable_equivalent(case: Any) -> bool:
    return case.equivalent is not None and case.gradient == "numeric"


@check("values", applies=differentiable_equivalent)
def gradients_equal_those_of_equivalent(ctx: Context) -> None:
    """Guards against a gradient that is not that of the built-in layer it replaces.

    Equal outputs say nothing about it: a custom gradient or `stop_gradient` changes it
    alone.
    """
    other = equivalent_of(ctx)
    received = gradient_list(ctx, ctx.twin)
    expected = gradient_list(ctx, other)
    found = first_difference(received, expected, EXACT)
    if found:
        ctx.fail(
            f"with the same weights, {type(other).__name__} has another gradient: "
            f"{found} (gradients of the inputs come first, then the weights').",
            "Look for `stop_gradient` and for a wrong custom gradient.",
        )


def gradient_list(ctx: Context, layer: Any) -> list[Array]:
    """Gradients of a float64 layer: inputs', then weights'; zeros where None."""
    variables = layer.trainable_weights
    with ctx.blame("computing gradients", BACKWARD):
        _, found = backend.gradients(
            lambda flat: ctx.call.flat(layer, flat),
            ctx.inputs64,
            variables,
            lambda outputs: ctx.upstream,
        )
    sources = [one for one in ctx.inputs64 if is_float(one)]
    sources += [backend.to_numpy(one) for one in variables]
    return [
        np.zeros_like(source) if one is None else one
        for one, source in zip(found, sources, strict=True)
    ]
