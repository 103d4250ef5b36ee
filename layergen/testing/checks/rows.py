"""Rows: a sample's result is its own, in whatever batch it comes."""

import numpy as np

from ..case import LayerCase
from ..context import Context
from ..numerics import first_difference
from ..registry import check

TIGHT = 1e-4


def begins_with_batch(case: LayerCase) -> bool:
    return case.rows_independent and all(case.shapes)


def takes_one_row(case: LayerCase) -> bool:
    # What is drawn for a batch of one is not the first row of what is drawn for two.
    fixed = case.fixed_batch or case.draws_at_inference
    return begins_with_batch(case) and not fixed


@check("shapes", applies=takes_one_row)
def batch_of_one_gives_the_same_row(ctx: Context) -> None:
    """Guards against `squeeze` and broadcasting that eat a batch of one.

    `ops.squeeze` without an axis takes every axis of size one: a service that predicts
    one sample at a time then gets an output without its batch axis.
    """
    received = ctx.call.run(ctx.layer, [one[:1] for one in ctx.inputs])
    found = first_difference(received, [one[:1] for one in ctx.outputs], TIGHT)
    if found:
        ctx.fail(
            f"the first sample alone gives another result than in a batch: {found}.",
            "Look for `ops.squeeze` without an axis, and for means over the batch.",
        )


def has_several_rows(case: LayerCase) -> bool:
    return begins_with_batch(case) and min(one[0] for one in case.shapes) > 1


@check("shapes", applies=has_several_rows)
def rows_are_independent(ctx: Context) -> None:
    """Guards against samples that leak into one another.

    A softmax or a mean over axis 0, or a reshape that mixes batch and time, trains
    well and predicts something else for every batch.
    """
    others = ctx.draws.others(1)
    mixed = [
        np.concatenate([one[:1], other[::-1][: len(one) - 1]])
        for one, other in zip(ctx.inputs, others, strict=True)
    ]
    received = ctx.call.run(ctx.layer, mixed)
    found = first_difference(
        [one[:1] for one in received], [one[:1] for one in ctx.outputs], TIGHT
    )
    if found:
        ctx.fail(
            f"the first sample's result depends on the other samples: {found}.",
            "No operation may mix axis 0; if that is meant, state "
            "`rows_independent=False`.",
        )
