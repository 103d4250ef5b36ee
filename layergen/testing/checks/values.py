"""Values: finite, and equal to what else computes the same."""

from typing import Any

import keras
import numpy as np

from .. import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import first_difference, is_float
from ..points import CUSTOM
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
                "`exp` of what may be large.",
            )


def has_reference(case: LayerCase) -> bool:
    return case.reference is not None and not case.is_cell


@check("values", applies=has_reference)
def equals_reference(ctx: Context) -> None:
    """Guards against a formula that is not the intended one.

    The NumPy reference gets inputs, weights, states as they are before the call, and
    arguments by name, in float64.
    """
    available = {**ctx.values_by_name(ctx.twin), **dict(ctx.case.pack(ctx.inputs64))}
    with ctx.blame("the case's `reference` function", NAMES):
        answer = ctx.case.reference(**available)  # type: ignore[misc]
    expected = [np.asarray(one) for one in keras.tree.flatten(answer)]
    found = first_difference(ctx.outputs64, expected, EXACT)
    if found:
        ctx.fail(
            f"the outputs are not the reference's: {found}.",
            "Compare `call` with the reference, axis by axis.",
        )


def states_equivalent(case: Any) -> bool:
    return case.equivalent is not None


def equivalent_of(ctx: Context) -> Any:
    """The equivalent layer in float64, with the weights of `twin`."""
    with global_policy("float64"), ctx.blame("the case's `equivalent`", EQUAL):
        made = ctx.case.equivalent(**ctx.case.args)  # type: ignore[misc]
        other = ctx.runnable(made)
        ctx.run(other, ctx.inputs64)
    values = [backend.to_numpy(one) for one in ctx.twin.weights]
    shapes = [tuple(one.shape) for one in other.weights]
    if shapes != [one.shape for one in values]:
        ctx.fail(
            f"the weights' shapes are {[one.shape for one in values]}, "
            f"those of the equivalent {type(other).__name__} are {shapes}.",
            "Create the weights in the same order and shapes as the equivalent layer.",
        )
    ctx.copy_weights(ctx.twin, other)
    return other


@check("values", applies=states_equivalent)
def equals_equivalent(ctx: Context) -> None:
    """Guards against a formula that is not that of the built-in layer it replaces.

    Both get the same weights, in the order in which Keras lists them, which is that of
    their creation.
    """
    other = equivalent_of(ctx)
    found = first_difference(ctx.outputs64, ctx.run(other, ctx.inputs64), EXACT)
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
    with ctx.blame("computing gradients", CUSTOM):
        _, found = backend.gradients(
            lambda flat: ctx.call(layer, flat),
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
