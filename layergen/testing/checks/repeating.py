"""Repeating: equal calls give equal outputs, or nothing else can be said of a layer."""

from ..context import Context
from ..faulty_lines import drawing_mend
from ..numerics import first_difference
from ..registry import check

GENERATOR = (
    "make `self.seed_generator = keras.random.SeedGenerator(seed)` in the constructor "
    "and pass `seed=self.seed_generator` to every function of `keras.random`."
)

CALLS = 6
"""How many calls are compared with the first."""


@check("values")
def equal_calls_agree(ctx: Context) -> None:
    """Guards against a layer that is no function of its inputs, weights and states.

    Variables are given back what they were between the calls, random generators that
    Keras tracks among them: what differs comes from elsewhere. Where this check fails,
    those that compare two calls say nothing. What is drawn seldom shows in few calls.
    """
    first = ctx.call.run(ctx.layer, ctx.inputs)
    for _ in range(CALLS):
        found = first_difference(ctx.call.run(ctx.layer, ctx.inputs), first, 1e-5)
        if found:
            ctx.fail(
                f"two equal calls differ: {found}.",
                drawing_mend(
                    ctx.case,
                    f"where numbers are drawn, {GENERATOR} Else let `call` remember "
                    "nothing outside of variables.",
                ),
            )
