"""Masked steps: what they hold is not seen, and the mask arrives where it is used."""

from typing import Any

import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import difference, first_difference, is_float
from ..outcomes import CheckFailure, NotApplicable
from ..registry import check
from .masks import makes_masks, mask_for, masked_outputs


def masked_inputs(case: LayerCase) -> dict[int, str]:
    """The inputs whose mask `call` takes: place to parameter, for those with steps.

    Keras calls them `<input>_mask`, and `mask` where there is one, or all come in one
    structure. What the case itself gives is none of these.
    """
    found = {}
    free = {*case.call_parameters} - {*case.inputs} - {*(case.call_args or {})}
    for place, (name, shape) in enumerate(zip(case.labels, case.shapes, strict=True)):
        own = f"{name}_mask"
        alone = (place == 0 or case.inputs_as is not None) and "mask" in free
        # Of two axes the second may hold features, unless masks are spoken of.
        steps = len(shape) >= (2 if case.mask is not None else 3) and shape[1] > 1
        if steps and not case.is_cell:
            if own in free or alone:
                found[place] = own if own in free else "mask"
    return found


@check("masks", applies=lambda case: bool(masked_inputs(case)))
def masks_are_delivered(ctx: Context) -> None:
    """Guards against a mask that an input carries and `call` does not get.

    Keras fills `<input>_mask` by the inputs' names, but none of them where an
    optional input is left out: the tensor's own mask is then all there is.
    """
    for place, parameter in masked_inputs(ctx.case).items():
        mask = mask_for(ctx, place)
        given = {parameter: as_argument(ctx, mask, place)}
        label = ctx.case.labels[place]
        hint = (
            f"Keras hands `{parameter}` the mask of `{label}`, of batch and time: take "
            "that, or call an argument of another meaning otherwise."
        )
        with ctx.blame(f"calling the layer with a mask as `{parameter}`", hint):
            tensors = [backend.tensor(one) for one in ctx.inputs]
            outputs = ctx.call.flat(ctx.layer, tensors, **given)
            expected = [backend.to_numpy(one) for one in outputs]
        received, _ = masked_outputs(ctx, ctx.inputs, place)
        found = first_difference(
            [unmasked(one, mask) for one in received],
            [unmasked(one, mask) for one in expected],
            1e-6,
        )
        if found:
            ctx.fail(
                f"the mask that `{label}` carries does not do what "
                f"`{parameter}=` does: {found}.",
                f"Where `{parameter}` is None, take the tensor's `_keras_mask`.",
            )


def as_argument(ctx: Context, mask: Array, place: int) -> Any:
    """A mask as `call` takes it: of a list or dict of tensors, that of theirs."""
    if ctx.case.inputs_as is not None:
        masks: list[Any] = [None] * len(ctx.inputs)
        masks[place] = backend.tensor(mask)
        return ctx.case.together(ctx.case.pack(masks))
    first = next(iter(ctx.case.inputs.values()))
    if isinstance(first, list):
        return [backend.tensor(mask), *[None] * (len(first) - 1)]
    return backend.tensor(mask)


def unmasked(output: Array, mask: Array | None) -> Array:
    """An output's unmasked steps, or all of it where it has not the mask's steps.

    Scores have steps on several axes, and may have them behind others.
    """
    if mask is None or output.shape[:1] != mask.shape[:1]:
        return output
    if mask.ndim > 2 or not (mask == mask[:1]).all():
        return output[mask] if output.shape[: mask.ndim] == mask.shape else output
    steps = np.flatnonzero(mask[0])
    for axis in range(1, output.ndim):
        if output.shape[axis] == mask.shape[1]:
            output = np.take(output, steps, axis)
    return output


def has_steps(case: LayerCase) -> bool:
    shape = case.shapes[0]
    several = len(shape) >= 2 and shape[1] > 1
    return (
        case.mask is not None
        and several
        and ((len(shape) >= 3 and not makes_masks(case)) or bool(masked_inputs(case)))
    )


@check("masks", applies=has_steps)
def masked_steps_do_not_count(ctx: Context) -> None:
    """Guards against padding that changes the result.

    What a masked step holds must not be seen in any other step's output, nor in an
    output without steps.
    """
    places = {one for one in masked_inputs(ctx.case) if reads_mask(ctx, one)}
    if len(ctx.case.shapes[0]) >= 3 and not makes_masks(ctx.case):
        places.add(0)
    for place in sorted(places):
        problems = [counted(ctx, flat, place) for flat in open_and_shut(ctx.inputs)]
        if all(problems):
            ctx.fail(
                f"what a masked step of `{ctx.case.labels[place]}` holds changes "
                f"{problems[0]}.",
                "Use the mask in `call` wherever steps are mixed.",
            )


def reads_mask(ctx: Context, place: int) -> bool:
    """Whether the mask of an input is read: where `call` may take it for others' sake, or
    for that of the output's mask, whether it changes anything."""
    if ctx.case.inputs_as is None and not callable(ctx.case.mask):
        return True
    received, _ = masked_outputs(ctx, ctx.inputs, place)
    return first_difference(received, ctx.outputs, 0.0) is not None


def open_and_shut(inputs: list[Array]) -> list[list[Array]]:
    """The inputs, and again with what says yes or no saying one thing everywhere.

    Of a step that may look at masked ones alone, nothing is right.
    """
    if not any(one.dtype == bool for one in inputs):
        return [inputs]
    alike = (
        [np.full_like(one, flag) if one.dtype == bool else one for one in inputs]
        for flag in (True, False)
    )
    return [inputs, *alike]


def counted(ctx: Context, flat: list[Array], place: int) -> str | None:
    """Where an output shows what a masked step of an input holds."""
    mask = mask_for(ctx, place)
    changed = list(flat)
    changed[place] = with_other_values(ctx, place, ~mask)
    expected, masks = masked_outputs(ctx, flat, place)
    received, _ = masked_outputs(ctx, changed, place)
    for number, (one, other) in enumerate(zip(received, expected, strict=True)):
        own = masks[number] if callable(ctx.case.mask) else None
        kept = own if own is not None or _is_computed(ctx, place) else mask
        found = difference(unmasked(one, kept), unmasked(other, kept), 1e-5)
        if found:
            return f"output {number}: {found}"
    return None


def _is_computed(ctx: Context, place: int) -> bool:
    """Whether an input's mask alone does not say which steps of the output count."""
    return callable(ctx.case.mask) and place == 0


def pools_steps(case: LayerCase) -> bool:
    alone = len(case.shapes) == 1 and bool(masked_inputs(case))
    return case.mask == "stop" and alone


@check("masks", applies=pools_steps)
def masked_end_is_as_no_end(ctx: Context) -> None:
    """Guards against a mask that is used, and wrongly: a mean over too many steps.

    A sequence whose last step is masked must give what the sequence without that step
    gives.
    """
    mask = mask_for(ctx)
    try:
        expected = ctx.call.run(ctx.layer, [ctx.inputs[0][:, :-1]])
    except CheckFailure as error:
        raise NotApplicable(f"{ctx.name} takes no shorter sequence") from error
    received, _ = masked_outputs(ctx, ctx.inputs)
    for number, (one, other) in enumerate(zip(received, expected, strict=True)):
        kept = one[:, :-1] if one.shape[:2] == mask.shape else one
        found = difference(kept, other, 1e-5)
        if found:
            ctx.fail(
                f"with the last step masked, output {number} is not that of the input "
                f"without it: {found}.",
                "Count and sum the steps that are not masked, and no others.",
            )


def may_mask_rows(case: LayerCase) -> bool:
    return bool(masked_inputs(case)) or "b" in case.input_kinds


@check("masks", applies=may_mask_rows)
def fully_masked_row_has_values(ctx: Context) -> None:
    """Guards against NaN where a sample's steps are all masked, under mixed precision.

    A score of -1e9 is -inf in float16, and the softmax of nothing but -inf is NaN; so is
    -inf times the zero of a step that is not masked. Such samples fill up the last batch.
    """
    inputs, masks = with_a_masked_row(ctx)
    if has_nan(ctx.call.run(ctx.layer, inputs, **masks)):
        raise NotApplicable(
            f"{ctx.name} gives such a sample no value in float32 either"
        )
    for policy in ("mixed_float16", "mixed_bfloat16"):
        layer, _ = ctx.policies.under(policy)
        if has_nan(ctx.call.run(layer, inputs, **masks)):
            ctx.fail(
                f"under {policy} a sample whose steps are all masked gives NaN.",
                "Put a number that the dtype holds in place of masked scores, by "
                "`ops.where(mask, scores, -3e4)`; -1e9 is -inf in float16.",
            )


def with_a_masked_row(ctx: Context) -> tuple[list[Array], dict[str, Any]]:
    """The inputs, and masks as `call` takes them, that say no to all of the first sample."""
    inputs = list(ctx.inputs)
    for place, one in enumerate(inputs):
        if one.dtype == bool:
            inputs[place] = one.copy()
            inputs[place][:1] = False
    masks = {}
    for place, parameter in masked_inputs(ctx.case).items():
        mask = mask_for(ctx, place)
        mask[:1] = False
        masks[parameter] = as_argument(ctx, mask, place)
    return inputs, masks


def has_nan(outputs: list[Array]) -> bool:
    return any(
        np.isnan(one.astype("float64")).any() for one in outputs if is_float(one)
    )


def with_other_values(ctx: Context, place: int, where: Array) -> Array:
    """An input with other values in some steps."""
    value = ctx.inputs[place].copy()
    if is_float(value):
        value[where] = value[where] + 3.0
    else:
        value[where] = ctx.draws.others(1)[place][where][::-1]
    return value
