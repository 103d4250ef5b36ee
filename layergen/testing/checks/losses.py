"""Losses that a layer adds: as many as stated, everywhere, and once."""

from typing import Any

import numpy as np

from .. import backend
from ..case import Array, LayerCase
from ..context import Context
from ..fitting import idle_fit
from ..numerics import first_difference
from ..registry import check

ADD = "Call `self.add_loss(value)` in `call`, once per call, with a tensor."
CLOSE = 1e-4


def adds_losses(case: LayerCase) -> bool:
    return bool(case.losses) and not case.is_cell


def added(layer: Any) -> list[Any]:
    """The losses of a layer's last call; those of weights' regularizers come last."""
    regularized = [w for w in layer.trainable_weights if w.regularizer is not None]
    losses = list(layer.losses)
    return losses[: len(losses) - len(regularized)]


def losses_of(ctx: Context, layer: Any) -> list[Array]:
    """The losses that an eager call in training adds."""
    ctx.run(layer, ctx.inputs, **ctx.case.in_training)
    with ctx.blame("reading the layer's `losses`", ADD):
        return [backend.to_numpy(one) for one in added(layer)]


@check("losses", applies=lambda case: not case.is_cell)
def call_adds_stated_losses(ctx: Context) -> None:
    """Guards against a loss that is forgotten, added twice, or not finite.

    Keras adds all of them to what `fit` minimizes, and shows only the sum.
    """
    found = losses_of(ctx, ctx.layer)
    if len(found) != ctx.case.losses:
        ctx.fail(f"a call adds {len(found)} losses; stated are {ctx.case.losses}.", ADD)
    for one in found:
        if not np.isfinite(one).all():
            ctx.fail(f"a call adds the loss {one}.", "Keep it finite.")


@check("losses", applies=adds_losses)
def losses_agree_in_graph(ctx: Context) -> None:
    """Guards against a loss that only eager calls add.

    `fit` reads `losses` inside a graph: what is added there must be a tensor of that
    graph, not a Python number or a value kept from an eager call.
    """

    def call(flat: list[Any]) -> list[Any]:
        ctx.call(ctx.layer, flat, **ctx.case.in_training)
        return added(ctx.layer)

    expected = losses_of(ctx, ctx.layer)
    with ctx.blame("a graph that reads the layer's losses", ADD):
        received = ctx.graph_of(ctx.layer, call)(ctx.inputs)
    found = first_difference(received, expected, CLOSE)
    if found:
        ctx.fail(f"a graph adds other losses than an eager call: {found}.", ADD)


@check("losses", applies=adds_losses)
def losses_reach_fit(ctx: Context) -> None:
    """Guards against a loss that `fit` never sees, or sees twice.

    The model's own loss is zero there: what fit shows is what the layer adds.
    """
    layer = ctx.twin_of(ctx.layer)
    losses_of(ctx, layer)
    expected = sum(float(backend.to_numpy(one).sum()) for one in layer.losses)
    received = idle_fit(ctx, ctx.twin_of(ctx.layer))
    if not np.isclose(received, expected, rtol=1e-3, atol=1e-5):
        ctx.fail(
            f"a call's losses add up to {expected:.6g}, but fit minimizes "
            f"{received:.6g}.",
            ADD,
        )


@check("losses", applies=adds_losses)
def second_call_does_not_double_losses(ctx: Context) -> None:
    """Guards against losses that pile up, from building or from earlier calls.

    Keras drops those of the last call before the next; what a layer keeps itself
    stays.
    """
    layer = ctx.make()
    ctx.symbolic(layer, ctx.case.shapes)
    for number in ("first", "second"):
        count = len(losses_of(ctx, layer))
        if count > ctx.case.losses:
            ctx.fail(
                f"after the {number} call there are {count} losses; stated are "
                f"{ctx.case.losses}.",
                ADD,
            )
