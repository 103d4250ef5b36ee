"""Where gradients are taken: a float64 layer at one set of inputs and weights."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .backend import backend
from .case import Array
from .context import Context
from .introspect import relative_path
from .numerics import is_float
from .outcomes import NotApplicable

STEPS = {"float64": 1e-6, "float32": 1e-3}
COARSE_STEPS = {"float64": 1e-2, "float32": 1e-2}
COARSE = 3e-2
ATTEMPTS = 3
BACKWARD = (
    "Every operation from inputs and weights to the outputs must have a gradient."
)


@dataclass
class Point:
    """A float64 layer at one set of inputs and weights: where gradients are taken."""

    ctx: Context
    inputs: list[Array]
    upstream: list[Array]

    @property
    def variables(self) -> list[Any]:
        return list(self.ctx.twin.trainable_weights)

    @property
    def names(self) -> list[str]:
        labels = zip(self.ctx.case.labels, self.inputs, strict=True)
        inputs = [f"input `{name}`" for name, value in labels if is_float(value)]
        layer = self.ctx.twin
        weights = [f"weight `{relative_path(v, layer)}`" for v in self.variables]
        return inputs + weights

    @property
    def sources(self) -> list[Array]:
        inputs = [one for one in self.inputs if is_float(one)]
        return inputs + [backend.to_numpy(one) for one in self.variables]

    def call(self, flat: list[Any]) -> list[Any]:
        return self.ctx.call.flat(self.ctx.twin, flat)

    def gradients(self, upstream: list[Array] | None = None) -> list[Any]:
        given = self.upstream if upstream is None else upstream
        with self.ctx.blame("the backward pass", BACKWARD):
            return backend.gradients(
                self.call, self.inputs, self.variables, lambda outputs: given
            )[1]

    def value(self) -> float:
        """The sum of upstream times output, whose gradient is taken."""
        outputs = self.ctx.call.run(self.ctx.twin, self.inputs)
        floats = [one for one in outputs if is_float(one)]
        return float(
            sum((u * o).sum() for u, o in zip(self.upstream, floats, strict=True))
        )

    def step(self, index: int, digits: str = "float64") -> float:
        """How far an argument is moved: further, where its dtype, or the digits of what
        is computed, see no small step."""
        steps = STEPS if digits == "float64" else COARSE_STEPS
        return steps.get(self.sources[index].dtype.name, COARSE)

    def moved(self, index: int, step: Array) -> "Moved":
        return Moved(self, index, step)


class Moved:
    """A point with one argument moved by a step, for as long as the block runs."""

    def __init__(self, point: Point, index: int, step: Array) -> None:
        self.point, self.index, self.step = point, index, step
        self.floats = [i for i, one in enumerate(point.inputs) if is_float(one)]
        self.before: Array | None = None
        self.taken = step

    @property
    def variable(self) -> Any:
        """The weight to move, where it is not an input."""
        return self.point.variables[self.index - len(self.floats)]

    def __enter__(self) -> Point:
        if self.index < len(self.floats):
            inputs = list(self.point.inputs)
            place = self.floats[self.index]
            inputs[place] = inputs[place] + self.step
            return replace(self.point, inputs=inputs)
        self.before = backend.to_numpy(self.variable).copy()
        self.variable.assign(self.before + self.step)
        # A weight that has a dtype of its own rounds the step.
        moved = backend.to_numpy(self.variable).astype("float64")
        self.taken = moved - self.before.astype("float64")
        return self.point

    def __exit__(self, *_: object) -> None:
        if self.before is not None:
            self.variable.assign(self.before)


def point_of(ctx: Context, attempt: int = 0) -> Point:
    """Where gradients are taken; another attempt moves away from kinks."""
    inputs = ctx.inputs64
    if attempt:
        rng = ctx.draws.rng(attempt)
        fresh = ctx.draws.others(attempt, "float64")
        inputs = [
            one * (1 + 1e-3 * rng.random(one.shape)) if is_float(one) else one
            for one in fresh
        ]
    return Point(ctx, inputs, ctx.upstream)


def first_gradients(ctx: Context) -> tuple[Point, list[Any]]:
    """The gradients at the case's own inputs."""
    point = point_of(ctx)
    if not point.sources:
        raise NotApplicable(f"{ctx.name} has no trainable weight and no float input")
    if not ctx.upstream:
        raise NotApplicable(f"{ctx.name} has no float output")
    return point, point.gradients()


def training_gradients(ctx: Context) -> list[Any]:
    """The gradients of a call in training, of what it adds to the loss as well."""
    twin = ctx.twin

    def call(flat: list[Any]) -> list[Any]:
        outputs = ctx.call.flat(twin, flat, **ctx.case.in_training)
        return [*outputs, *twin.losses]

    def upstream(floats: list[Any]) -> list[Array]:
        rng = ctx.draws.rng(12)
        return [rng.standard_normal(tuple(one.shape)) for one in floats]

    variables = list(twin.trainable_weights)
    return backend.gradients(call, ctx.inputs64, variables, upstream)[1]


def as_array(value: Any) -> Array:
    return np.asarray(value, dtype="float64")
