"""States under several replicas, as `tf.distribute.MirroredStrategy` runs them."""

import numpy as np

from .. import fresh
from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..introspect import own_weights
from ..numerics import difference, is_float
from ..registry import check

CLOSE = 1e-4
AGGREGATE = (
    'Give the state\'s `add_weight` an `aggregation`: "mean" for a float that follows '
    'the batch, "only_first_replica" for what is the same on all.'
)

APART = (
    "Give the `add_weight` of a state per sample no `aggregation`, or raise a "
    "ValueError where `tf.distribute.get_strategy().num_replicas_in_sync` is more "
    "than one."
)


def runs_on_replicas(case: LayerCase) -> bool:
    own = case.has_states and case.is_strict
    return own and 0 in case.unknown and all(case.shapes)


@check("state", applies=runs_on_replicas)
def states_agree_across_replicas(ctx: Context) -> None:
    """Guards against replicas whose states drift apart, or are counted twice.

    Without an `aggregation` every replica keeps its own, in silence, and files hold
    the first one's; so do Keras' own layers, and they are not held to this. A state
    that is linear in means over the batch, as one device shows, must also be what one
    device makes of the whole batch.
    """
    backend.require_replicas()
    shares = [ctx.inputs, ctx.draws.others(1)]
    found, error = fresh.run_on_replicas(ctx.saved, ctx.case.layer, shares)
    if found is None:
        ctx.fail(f"a training step on two replicas raised {error}", AGGREGATE)
    weights = [id(one) for one in ctx.layer.non_trainable_weights]
    named = {one.name: one for one in own_weights(ctx.layer)}
    expected = {} if ctx.case.is_random else means_of_the_batch(ctx, shares)
    for name in {*named} & {*(ctx.case.states or {})}:
        first, second = found[weights.index(id(named[name]))]
        problem = difference(second, first, CLOSE)
        if problem:
            ctx.fail(
                f"after a step on two replicas `{name}` is not the same on both: "
                f"{problem}.",
                AGGREGATE,
            )
        problem = difference(first, expected.get(name, first), CLOSE)
        if problem:
            ctx.fail(
                f"after a step on two replicas `{name}` is not what one device makes "
                f"of the whole batch: {problem}.",
                AGGREGATE,
            )


def states_after(ctx: Context, inputs: list[Array]) -> dict[str, Array]:
    """The states after a step on one device."""
    layer = ctx.build.twin_of(ctx.layer)
    ctx.call.step(layer, inputs, **ctx.case.in_training)
    return ctx.weights.states(layer)


def means_of_the_batch(ctx: Context, shares: list[list[Array]]) -> dict[str, Array]:
    """The states after a step on the whole batch, if they are means of its shares'."""
    whole = states_after(ctx, [np.concatenate(p) for p in zip(*shares, strict=True)])
    first, second = (states_after(ctx, share) for share in shares)
    linear = {}
    for name, value in whole.items():
        same = not is_float(value) and not difference(first[name], second[name], 0.0)
        mean = (first[name] + second[name]) / 2 if is_float(value) else first[name]
        if (same or is_float(value)) and not difference(mean, value, 1e-5):
            linear[name] = value
    return linear


@check("state", applies=lambda case: case.fixed_batch)
def replicas_share_no_state_per_sample(ctx: Context) -> None:
    """Guards against a state per sample that several replicas share.

    A sample then meets the state of another. Each replica must keep what its own
    samples leave, or the layer refuse in a `ValueError` that speaks of replicas.
    """
    backend.require_replicas()
    shares = [ctx.inputs, ctx.draws.others(1)]
    found, error = fresh.run_on_replicas(ctx.saved, ctx.case.layer, shares)
    if found is None:
        said = error.partition("Traceback")[0].strip()
        if not said.startswith("ValueError") or "replica" not in said.lower():
            ctx.fail(f"two replicas are not refused clearly, but by {said}", APART)
        return
    weights = [id(one) for one in ctx.layer.non_trainable_weights]
    named = {one.name: one for one in own_weights(ctx.layer)}
    alone = [] if ctx.case.is_random else [states_after(ctx, one) for one in shares]
    for name in {*named} & {*(ctx.case.states or {})}:
        kept = found[weights.index(id(named[name]))]
        for replica, (one, own) in enumerate(zip(kept, alone, strict=False)):
            if problem := difference(one, own[name], CLOSE):
                ctx.fail(
                    f"after a step on two replicas `{name}` of replica {replica} is not "
                    f"what its own samples leave: {problem}.",
                    APART,
                )
