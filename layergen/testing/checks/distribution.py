"""Several devices, as `keras.distribution` spreads a model over them."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from .. import fresh, one_step
from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..introspect import relative_path
from ..numerics import difference
from ..outcomes import NotApplicable
from ..registry import check
from .saving import load

CLOSE = 1e-4
GLOBAL = (
    "Under `keras.distribution` a layer sees whole batches and whole weights, as on one "
    "device: it must not ask how many devices there are, place nothing on any, and "
    "change weights by `assign` alone."
)
WHOLE = "Give a variable no `layout`: it then has that of the distribution."


def takes_any_batch(case: LayerCase) -> bool:
    return 0 in case.unknown and all(case.shapes)


@check("devices", applies=takes_any_batch)
def data_parallel_agrees_with_one_device(ctx: Context) -> None:
    """Guards against a layer that is another one where devices share the batch.

    A step of Keras' own training under `keras.distribution.DataParallel`, on two devices,
    must give the outputs, losses and gradients, and leave the states and seeds, of one
    device with the whole batch; what is saved there is loaded on one.
    """
    agrees_with_one_device(ctx, "`DataParallel` on two devices", "batch")


@check("devices", applies=takes_any_batch)
def sharded_weight_agrees_with_one_device(ctx: Context) -> None:
    """Guards against a layer whose weights cannot be spread over devices.

    The layout map of `keras.distribution.ModelParallel` cuts the largest weight that can
    be cut in 2, 3, 5 or 7 parts, one for each device. All must be as on one device, and
    the weight still in parts after a step of training.
    """
    backend.require_distribution()
    shard = one_step.largest_shard(ctx.model)
    if shard is None:
        raise NotApplicable(f"{ctx.name} has no weight that could be cut into parts")
    path = relative_path(ctx.model.weights[shard[0]], ctx.layer)
    how = f"`ModelParallel` with `{path}` cut in {shard[2]}"
    agrees_with_one_device(ctx, how, [*shard])


def agrees_with_one_device(ctx: Context, how: str, over: str | list[int]) -> None:
    """Holds a step on several devices, and the model saved there, to one device."""
    expected = on_one_device(ctx)
    path = ctx.folder / "spread.keras"
    found, error = after_a_step(ctx, over, path)
    if found is None:
        ctx.fail(f"a step under {how} raised {error}", GLOBAL)
    for name, wanted in expected.items():
        problem = difference(found[name], wanted, CLOSE)
        if problem:
            ctx.fail(f"after a step under {how}, {name} differs: {problem}.", GLOBAL)
    if not found.get(one_step.IN_PARTS, True):
        ctx.fail(f"after a step under {how}, each device holds all of it.", WHOLE)
    with ctx.blame(f"loading on one device what was saved under {how}", GLOBAL):
        received = ctx.call.model(load(ctx, path), whole_batch(ctx))
    if ctx.case.draws_at_inference:
        return  # A loaded layer draws anew.
    for number, one in enumerate(received):
        problem = difference(one, found[f"output {number}"], CLOSE)
        if problem:
            ctx.fail(
                f"saved under {how} and loaded on one device, it computes something "
                f"else: {problem}.",
                GLOBAL,
            )


@lru_cache(maxsize=4)
def on_one_device(ctx: Context) -> dict[str, Array]:
    """What a step leaves on one device; one that fails there is for others to tell."""
    backend.require_distribution()
    found, error = after_a_step(ctx, "one", ctx.folder / "alone.keras")
    if found is None:
        raise NotApplicable(f"one device does not train {ctx.name}: {error}")
    return found


def after_a_step(
    ctx: Context, over: str | list[int], path: Path
) -> tuple[dict[str, Array] | None, str]:
    """What a step of the saved model leaves in the fresh process, which saves it again."""
    inputs, seed = whole_batch(ctx), ctx.case.seed
    return fresh.step_on_devices(
        ctx.saved, ctx.case.layer, inputs, seed=seed, over=over, path=str(path)
    )


def whole_batch(ctx: Context) -> list[Array]:
    """The inputs of the case and others, as one batch that two devices can share."""
    if len({one.shape[0] for one in ctx.inputs}) > 1:
        raise NotApplicable(f"{ctx.name} has inputs without a batch axis")
    pairs = zip(ctx.inputs, ctx.draws.others(1), strict=True)
    return [np.concatenate(pair) for pair in pairs]
