"""How many digits of float64 get through a layer.

A weight that keeps a dtype of its own may take what meets it into that dtype, and what has
no form in float64, or is computed in float32 on purpose, has the digits of that: no more
come out. Values that are rounded to float32 and not computed with there are another thing.
"""

from functools import lru_cache

import numpy as np

from .case import Array
from .context import Context
from .numerics import ROUNDING, is_float


@lru_cache(maxsize=4)
def digits_of(ctx: Context) -> str:
    """The dtype whose digits the outputs of the float64 layer have."""
    own = {one for one in (ctx.case.dtypes or {}).values() if one in ROUNDING}
    if not ctx.case.has_float_input:
        return "float64"
    for dtype in sorted(own | {"float32"}, key=lambda one: -ROUNDING[one]):
        if dtype != "float64" and blind_output(ctx, dtype) is not None:
            if dtype in own or computes_in_float32(ctx):
                return dtype
    return "float64"


def computes_in_float32(ctx: Context) -> bool:
    """Whether a part of what the float64 layer computes is computed in float32."""
    return "float32" in ctx.traits(ctx.twin)


def passes_float32(ctx: Context) -> bool:
    """Whether values of the float64 layer pass through float32, computed in or not."""
    return not {"float32", "narrowed"}.isdisjoint(ctx.traits(ctx.twin))


def blind_output(ctx: Context, dtype: str = "float32") -> int | None:
    """The first output that does not see a step which a dtype cannot see either, and
    sees a larger one, which it can; None where there is no such output."""
    rng = ctx.draws.rng(30)
    steps = [
        1 + rng.random(one.shape) if is_float(one) else None for one in ctx.inputs64
    ]

    def outputs(size: float) -> list[Array]:
        moved = [
            one if step is None else one * (1 + size * step)
            for one, step in zip(ctx.inputs64, steps, strict=True)
        ]
        return [one for one in ctx.call.run(ctx.twin, moved) if is_float(one)]

    base, fine, coarse = outputs(0.0), outputs(1e-11), outputs(ROUNDING[dtype])
    for number, (one, other, third) in enumerate(zip(base, fine, coarse, strict=True)):
        # Values on a grid may stay where they are, or leave it here and there.
        if np.array_equal(one, other) and np.mean(one != third) > 0.5:
            return number
    return None
