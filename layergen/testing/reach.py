"""What digits that inputs and weights lack can do to outputs.

At an edge where a value jumps, and where a little change of the inputs is a large one of the
outputs, few digits end elsewhere whatever a layer does.
"""

from collections.abc import Iterator

import numpy as np

from .backend import backend
from .case import Array
from .context import Context
from .numerics import ROUNDING, apart, is_float

DRAWS = 16


def is_within_reach(ctx: Context, compute: str, number: int, received: Array) -> bool:
    """Whether an output that was computed in few digits is one that comes of such digits.

    Each of its values is then near those that float64 gives for inputs and weights which
    few digits hardly tell from the case's own, or between them. Infinity and NaN are not.
    """
    tolerance, expected = ROUNDING[compute], ctx.outputs64[number]
    value = received.astype("float64")
    lowest, highest = expected, expected
    for outputs in _outputs_beside(ctx, tolerance / 8):
        near = outputs[number]
        if near.shape == value.shape:
            near = np.where(np.isfinite(near), near, expected)
            lowest, highest = np.minimum(lowest, near), np.maximum(highest, near)
        if not apart(value, np.clip(value, lowest, highest), tolerance).any():
            return bool(np.isfinite(value[np.isfinite(expected)]).all())
    return False


def _outputs_beside(ctx: Context, size: float) -> Iterator[list[Array]]:
    """What float64 gives for inputs and weights a little beside the case's own: all moved
    up, all down, and then each its own way."""
    layer = ctx.build.twin_of(ctx.twin, "float64")
    weights = [backend.to_numpy(one).copy() for one in layer.weights]
    for draw in range(DRAWS):
        rng = ctx.draws.rng(31, draw)

        def beside(
            value: Array, rng: np.random.Generator = rng, up: int = draw
        ) -> Array:
            if not is_float(value):
                return value
            ways = rng.choice([-1.0, 1.0], value.shape) if up > 1 else 1.0 - 2 * up
            far = np.abs(value) + np.abs(value).mean()
            return np.asarray(value + size * ways * far).astype(value.dtype)

        for one, value in zip(layer.weights, weights, strict=True):
            one.assign(beside(value))
        yield ctx.call.run(layer, [beside(one) for one in ctx.inputs64])
