"""Masks: handed on or used up, as stated, and masked steps do not count."""

import warnings

import numpy as np

from .. import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import difference, is_float
from ..registry import check

SUPPORT = "Set `self.supports_masking = True` in the constructor."


def mask_for(ctx: Context) -> Array:
    """A mask over batch and time of the first input: the last step is masked."""
    shape = ctx.inputs[0].shape[:2]
    mask = np.ones(shape, "bool")
    mask[..., -1] = False
    return mask


def masked_outputs(
    ctx: Context, flat: list[Array]
) -> tuple[list[Array], list[Array | None]]:
    """Outputs, and their masks, for inputs whose first one carries a mask."""
    mask = mask_for(ctx)
    first = backend.with_mask(flat[0], mask)
    with ctx.blame("calling the layer on an input with a mask"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outputs = ctx.call(
                ctx.layer, [first, *(backend.tensor(one) for one in flat[1:])]
            )
    masks = [backend.mask_of(one) for one in outputs]
    return (
        [backend.to_numpy(one) for one in outputs],
        [None if one is None else backend.to_numpy(one) for one in masks],
    )


@check("masks", applies=lambda case: case.mask == "pass")
def mask_is_passed_on(ctx: Context) -> None:
    """Guards against a mask that ends at this layer.

    Keras hands a mask on only where `supports_masking` is true, and otherwise warns
    and drops it.
    """
    mask = mask_for(ctx)
    _, masks = masked_outputs(ctx, ctx.inputs)
    received = masks[0]
    if received is None:
        ctx.fail("the output carries no mask, though the input does.", SUPPORT)
    elif difference(received, mask, 0.0):
        ctx.fail(
            f"the output's mask is not the input's: {difference(received, mask, 0.0)}.",
            "Leave `compute_mask` as it is.",
        )


@check("masks", applies=lambda case: case.mask == "stop")
def mask_is_used_up(ctx: Context) -> None:
    """Guards against a mask that goes on to layers whose steps it does not fit."""
    _, masks = masked_outputs(ctx, ctx.inputs)
    if any(one is not None for one in masks):
        ctx.fail(
            "the output still carries a mask.",
            "Override `compute_mask` to return None.",
        )


@check("masks", applies=lambda case: case.mask == "stop")
def mask_is_supported(ctx: Context) -> None:
    """Guards against the warning that a layer destroys a mask which it uses."""
    if not ctx.layer.supports_masking:
        ctx.fail("supports_masking is False, though the layer uses masks.", SUPPORT)


def has_steps(case: LayerCase) -> bool:
    takes_mask = any(one.split("_")[-1] == "mask" for one in case.call_parameters)
    shape = case.shapes[0]
    several = len(shape) >= 2 and shape[1] > 1
    return case.mask is not None and several and (len(shape) >= 3 or takes_mask)


@check("masks", applies=has_steps)
def masked_steps_do_not_count(ctx: Context) -> None:
    """Guards against padding that changes the result.

    What a masked step holds must not be seen in any other step's output, nor in an
    output without steps.
    """
    mask = mask_for(ctx)
    changed = list(ctx.inputs)
    first = changed[0].copy()
    fresh = ctx.cast(ctx.case.sample(attempt=1), "float32")[0]
    if is_float(first):
        first[~mask] = first[~mask] + 3.0
    else:
        first[~mask] = fresh[~mask][::-1]
    changed[0] = first
    expected, _ = masked_outputs(ctx, ctx.inputs)
    received, _ = masked_outputs(ctx, changed)
    for number, (one, other) in enumerate(zip(received, expected, strict=True)):
        if other.shape[: mask.ndim] == mask.shape:
            one, other = one[mask], other[mask]
        found = difference(one, other, 1e-5)
        if found:
            ctx.fail(
                f"what a masked step holds changes output {number}: {found}.",
                "Use `mask` in `call` wherever steps are mixed.",
            )
