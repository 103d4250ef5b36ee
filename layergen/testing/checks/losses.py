"""Losses that a layer adds: as many as stated, everywhere, and once."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..drawing import cast
from ..fitting import idle_fit
from ..numerics import first_difference
from ..outcomes import NotApplicable
from ..points import Point
from ..registry import check
from .derivatives import digits_tried, slope_problem

ADD = "Call `self.add_loss(value)` in `call`, once per call, with a tensor."
CLOSE = 1e-4


def adds_losses(case: LayerCase) -> bool:
    return case.losses != 0 and not case.is_cell


def added(layer: Any) -> list[Any]:
    """The losses of a layer's last call; those of weights' regularizers come last."""
    regularized = [w for w in layer.trainable_weights if w.regularizer is not None]
    losses = list(layer.losses)
    return losses[: len(losses) - len(regularized)]


def losses_of(ctx: Context, layer: Any) -> list[Array]:
    """The losses that an eager call in training adds."""
    ctx.call.run(layer, ctx.inputs, **ctx.case.in_training)
    with ctx.blame("reading the layer's `losses`", ADD):
        return [backend.to_numpy(one) for one in added(layer)]


@check("losses", applies=lambda case: not case.is_cell)
def call_adds_stated_losses(ctx: Context) -> None:
    """Guards against a loss that is forgotten, added twice, or not finite.

    Keras adds all of them to what `fit` minimizes, and shows only the sum.
    """
    found = losses_of(ctx, ctx.layer)
    if ctx.case.losses not in (None, len(found)):
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
        ctx.call.flat(ctx.layer, flat, **ctx.case.in_training)
        return added(ctx.layer)

    expected = losses_of(ctx, ctx.layer)
    with ctx.blame("a graph that reads the layer's losses", ADD):
        received = ctx.graphs.of_function(ctx.layer, call)(ctx.inputs)
    found = first_difference(received, expected, CLOSE)
    if found:
        ctx.fail(f"a graph adds other losses than an eager call: {found}.", ADD)


@check("losses", applies=adds_losses)
def losses_reach_fit(ctx: Context) -> None:
    """Guards against a loss that `fit` never sees, or sees twice.

    The model's own loss is zero there: what fit shows is what the layer adds.
    """
    layer = ctx.build.twin_of(ctx.layer)
    losses_of(ctx, layer)
    expected = sum(float(backend.to_numpy(one).sum()) for one in layer.losses)
    received = idle_fit(ctx, ctx.build.twin_of(ctx.layer))
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
    layer, stated = ctx.make.new(), ctx.case.losses
    if stated is None:
        stated = len(losses_of(ctx, ctx.build.twin_of(ctx.layer)))
    ctx.graphs.symbolic(layer, ctx.case.shapes)
    for number in ("first", "second"):
        count = len(losses_of(ctx, layer))
        if count > stated:
            ctx.fail(
                f"after the {number} call there are {count} losses; {stated} are right.",
                ADD,
            )


@dataclass
class LossPoint(Point):
    """A point where the gradient of what a call adds to the losses is taken."""

    def call(self, flat: list[Any]) -> list[Any]:
        """The losses, in place of the outputs."""
        self.ctx.call.flat(self.ctx.twin, flat, **self.ctx.case.in_training)
        return added(self.ctx.twin)

    def value(self) -> float:
        """The sum of the losses."""
        self.ctx.call.run(self.ctx.twin, self.inputs, **self.ctx.case.in_training)
        return float(sum(backend.to_numpy(one).sum() for one in added(self.ctx.twin)))


def adds_differentiable_losses(case: LayerCase) -> bool:
    return adds_losses(case) and case.gradient == "numeric"


@check("losses", applies=adds_differentiable_losses)
def losses_have_their_gradient(ctx: Context) -> None:
    """Guards against a loss that is shown, and that training cannot lower.

    `stop_gradient`, a detour through NumPy or a loss kept from an earlier call leaves
    the number right and its gradient zero.
    """
    count = len(losses_of(ctx, ctx.twin))
    problem: str | None = None
    tried = ((digits, n) for digits in digits_tried(ctx) for n in range(3))
    for digits, attempt in tried:
        inputs = cast(ctx.draws.others(attempt), "float64")
        point = LossPoint(ctx, inputs, [np.ones(())] * count)
        if not point.sources:
            raise NotApplicable(
                f"{ctx.name} has no trainable weight and no float input"
            )
        found = [
            slope_problem(point, gradient, index, attempt, digits)
            for index, gradient in enumerate(point.gradients())
        ]
        problem = next((one for one in found if one), None)
        if problem is None:
            return
    ctx.fail(
        f"of the losses that a call adds: {problem}",
        "Add what `call` computes from its inputs and weights, without "
        "`stop_gradient`; or state `gradient=None`.",
    )
