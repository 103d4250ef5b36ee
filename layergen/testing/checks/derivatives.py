"""Gradients against central differences, at first and at second order."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..backend import backend
from ..case import Array
from ..context import Context
from ..digits import digits_of, passes_float32
from ..numerics import ROUNDING, random_like
from ..outcomes import NotApplicable
from ..points import ATTEMPTS, BACKWARD, Point, as_array, first_gradients, point_of
from ..registry import check

RTOL = 2e-5
COARSE_RTOL = 1e-2
"""For values of fewer digits than float64's, by steps that these can see."""

SECOND = "Write the custom gradient with differentiable ops of its own arguments."
OTHER = (
    "If the gradient is meant to differ, state its formula as `gradient`, or "
    '`gradient="surrogate"`.'
)


@check("gradients", applies=lambda case: case.gradient == "numeric")
def gradient_equals_central_differences(ctx: Context) -> None:
    """Guards against a gradient that is not the derivative of the output.

    Each argument is moved along a random direction in float64, and further where a part of
    the values is computed in float32. A direction that crosses a kink is tried anew
    elsewhere; a wrong gradient is wrong there too.
    """
    first_gradients(ctx)
    _require_digits(ctx, "float64", "float32")
    pending: dict[int, str] | None = None  # Each argument with what it differs by.
    for digits in digits_tried(ctx):
        for attempt in range(ATTEMPTS):
            point = point_of(ctx, attempt)
            found = point.gradients()
            slopes = {
                index: slope_problem(point, found[index], index, attempt, digits)
                for index in (range(len(found)) if pending is None else pending)
            }
            pending = {index: said for index, said in slopes.items() if said}
            if not pending:
                return
    ctx.fail(next(iter((pending or {}).values())), f"{ctx.gradient_hint} {OTHER}")


def digits_tried(ctx: Context) -> Iterator[str]:
    """The digits to measure a slope with, one after the other where some values may have
    fewer than others."""
    digits = digits_of(ctx)
    yield digits
    if digits == "float64" and passes_float32(ctx):
        yield "float32"


def _require_digits(ctx: Context, *enough: str) -> None:
    if digits_of(ctx) not in enough:
        raise NotApplicable(
            f"{ctx.name} computes in {digits_of(ctx)}: too coarse for differences"
        )


def slope_problem(
    point: Point, gradient: Any, index: int, attempt: int, digits: str
) -> str | None:
    """How a gradient differs from central differences, in words."""
    source = point.sources[index]
    direction = random_like(source, point.ctx.draws.rng(10, index, attempt))
    step = point.step(index, digits)
    up, down = (point.moved(index, sign * step * direction) for sign in (1, -1))
    with up as ahead:
        above = ahead.value()
    with down as behind:
        below = behind.value()
    measured = (above - below) / (2 * step)
    stated = change(gradient, up.taken - down.taken) / (2 * step)
    rtol = RTOL if source.dtype == np.float64 else ROUNDING[source.dtype.name]
    noise = 1e-8
    if digits != "float64":
        rtol, noise = COARSE_RTOL, 1e-4
    slack = rtol * max(abs(measured), abs(stated)) + noise * max(1.0, abs(above))
    if np.isfinite(measured) and abs(measured - stated) <= slack:
        return None
    return (
        f"along a random direction of {point.names[index]} the output changes by "
        f"{measured:.9g} per unit, but its gradient says {stated:.9g}."
    )


def change(gradient: Any, step: Array) -> float:
    """How much a value changes over a step, as its gradient says."""
    return 0.0 if gradient is None else float(np.sum(as_array(gradient) * step))


@check("gradients", applies=lambda case: case.gradient == "numeric")
def second_order_gradient_is_right(ctx: Context) -> None:
    """Guards against a custom gradient that cannot be differentiated again.

    Gradient penalties need it. A custom gradient computed from values that the tape
    does not see gives zero or nonsense at second order.
    """
    point, _ = first_gradients(ctx)
    _require_digits(ctx, "float64")
    problem: str | None = ""
    for attempt in range(ATTEMPTS):
        problem = curvature_problem(point_of(ctx, attempt))
        if not problem:
            return
    if why := ctx.graphs.kept(ctx.layer).program.stops_second_gradient:
        raise NotApplicable(why)
    if passes_float32(ctx):
        raise NotApplicable(
            f"{ctx.name} computes in float32 on the way: too coarse for differences"
        )
    ctx.fail(
        problem or "",
        SECOND if "custom gradient" in ctx.traits(ctx.layer) else ctx.gradient_hint,
    )


def curvature_problem(point: Point) -> str | None:
    """How a second derivative differs from central differences of the first."""
    rng = point.ctx.draws.rng(11)
    # The gradient of a weight in lower precision is too coarse to be differenced.
    along = [
        random_like(one, rng) if one.dtype == np.float64 else np.zeros_like(one)
        for one in point.sources
    ]
    with point.ctx.blame("differentiating the gradient", BACKWARD):
        try:
            _, second = backend.curvature(
                point.call, point.inputs, point.variables, point.upstream, along
            )
        except LookupError as error:
            raise NotApplicable(
                f"an operation in {point.ctx.name} has no second gradient: {error}"
            ) from error
    for index, (name, source, found) in enumerate(
        zip(point.names, point.sources, second, strict=True)
    ):
        direction = random_like(source, rng)
        step = point.step(index)
        slopes, taken = [], []
        for sign in (1, -1):
            moved = point.moved(index, sign * step * direction)
            with moved as there:
                slopes.append(slope(there, along))
            taken.append(moved.taken)
        measured = (slopes[0] - slopes[1]) / (2 * step)
        stated = change(found, taken[0] - taken[1]) / (2 * step)
        rtol = 1e-4 if source.dtype == np.float64 else ROUNDING[source.dtype.name]
        slack = rtol * max(abs(measured), abs(stated)) + 1e-7 * max(1.0, abs(slopes[0]))
        if not abs(measured - stated) <= slack:
            return (
                f"along a random direction of {name} the gradient changes by "
                f"{measured:.9g} per unit, but the second-order gradient says "
                f"{stated:.9g}."
            )
    return None


def slope(point: Point, along: list[Array]) -> float:
    """The derivative of the point's value along directions, from its gradients."""
    pairs = zip(point.gradients(), along, strict=True)
    return float(sum(np.sum(as_array(one) * d) for one, d in pairs if one is not None))
