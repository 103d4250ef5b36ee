"""Masks: handed on, used up or computed, as stated, and masked steps do not count."""

import inspect
import warnings
from typing import Any

import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import difference, first_difference, is_float
from ..outcomes import CheckFailure, NotApplicable
from ..registry import check

DELIVERED = "Keras hands `call` a mask of batch and time: take it, or no mask at all."
GIVEN = (
    "It gets the mask, the first input, and what else of inputs and arguments it names."
)
SUPPORT = "Set `self.supports_masking = True` in the constructor."
DROPS = "Let `compute_mask` return None, where the mask ends here."


def mask_for(ctx: Context, number: int = 0) -> Array:
    """A mask over batch and time of an input: the last step is masked."""
    mask = np.ones(ctx.inputs[number].shape[:2], "bool")
    mask[..., -1] = False
    return mask


def stated_mask(ctx: Context, mask: Array, first: Array) -> Any:
    """What the case's function makes of a mask and the first input."""
    function: Any = ctx.case.mask
    given = dict(zip(ctx.case.inputs, ctx.inputs, strict=True)) | {**ctx.case.args}
    taken = [*inspect.signature(function).parameters.values()][2:]
    further = {one.name: given[one.name] for one in taken if one.name in given}
    return function(mask, first, **further)


def mask_of(tensor: Any) -> Any:
    """The Keras mask that a tensor carries, or None."""
    return getattr(tensor, "_keras_mask", None)


def masked_outputs(
    ctx: Context, flat: list[Array], number: int = 0
) -> tuple[list[Array], list[Array | None]]:
    """Outputs, and their masks, for inputs one of which carries a mask."""
    tensors = [backend.tensor(one) for one in flat]
    tensors[number]._keras_mask = backend.tensor(mask_for(ctx, number))
    with ctx.blame("calling the layer on an input with a mask", DELIVERED):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outputs = ctx.call.flat(ctx.layer, tensors)
    masks = [mask_of(one) for one in outputs]
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
    # A layer that returns its input keeps the mask on it, and models drop it all the same.
    supports = ctx.make.core(ctx.layer).supports_masking or not ctx.case.is_class
    if received is None or not supports:
        ctx.fail("the output carries no mask, though the input does.", SUPPORT)
    elif difference(received, mask, 0.0):
        ctx.fail(
            f"the output's mask is not the input's: {difference(received, mask, 0.0)}.",
            "Leave `compute_mask` as it is.",
        )


@check("masks", applies=lambda case: case.mask == "stop")
def mask_is_used_up(ctx: Context) -> None:
    """Guards against a mask that goes on to layers whose steps it does not fit.

    Where `supports_masking` is true, Keras hands the input's mask on by itself, though the
    output may have no steps any more; the next layer then fails, or masks features.
    """
    _, masks = masked_outputs(ctx, ctx.inputs)
    if any(one is not None for one in masks):
        ctx.fail(
            "the output still carries a mask.",
            "Override `compute_mask` to return None.",
        )


@check("masks", applies=lambda case: callable(case.mask))
def computed_mask_equals_its_function(ctx: Context) -> None:
    """Guards against a computed mask that does not fit the output's steps.

    Keras asks `compute_mask` for it, with and without a mask to begin with.
    """
    _, masks = masked_outputs(ctx, ctx.inputs)
    with ctx.blame("the case's `mask` function", GIVEN):
        answer = stated_mask(ctx, mask_for(ctx), ctx.inputs[0])
    received, expected = masks[0], np.asarray(answer, dtype="bool")
    hint = "Return the new mask from `compute_mask(self, inputs, mask=None)`."
    if received is None:
        ctx.fail("the output carries no mask, though the input does.", hint)
    elif difference(received, expected, 0.0):
        found = difference(received, expected, 0.0)
        ctx.fail(f"the output's mask is not the stated one: {found}.", hint)
    outputs = ctx.call.flat(ctx.layer, [backend.tensor(one) for one in ctx.inputs])
    if mask_of(outputs[0]) is not None:
        ctx.fail(
            "the output carries a mask, though the input does not.",
            "Where `compute_mask` gets no mask, return None.",
        )


@check("masks", applies=lambda case: case.mask == "stop" or callable(case.mask))
def mask_is_supported(ctx: Context) -> None:
    """Guards against the warning that a layer destroys a mask which it uses.

    Keras takes a layer that does not set `supports_masking` for one that knows nothing of
    masks, and warns in every call, even where `call` takes `mask` and uses it.
    """
    if not ctx.layer.supports_masking:
        further = "" if callable(ctx.case.mask) else f" {DROPS}"
        ctx.fail(
            "supports_masking is False, though the layer uses masks.",
            f"{SUPPORT}{further}",
        )


def masked_inputs(case: LayerCase) -> dict[int, str]:
    """The inputs whose mask `call` takes: place to parameter, for those with steps.

    Keras calls them `<input>_mask`, and `mask` where there is one.
    """
    found = {}
    for place, (name, shape) in enumerate(zip(case.labels, case.shapes, strict=True)):
        own = f"{name}_mask"
        alone = place == 0 and "mask" in case.call_parameters
        # Of two axes the second may hold features, unless masks are spoken of.
        steps = len(shape) >= (2 if case.mask is not None else 3) and shape[1] > 1
        if steps and not case.is_cell:
            if own in case.call_parameters or alone:
                found[place] = own if own in case.call_parameters else "mask"
    return found


@check("masks", applies=lambda case: bool(masked_inputs(case)))
def masks_are_delivered(ctx: Context) -> None:
    """Guards against a mask that an input carries and `call` does not get.

    Keras fills `<input>_mask` by the inputs' names, but none of them where an
    optional input is left out: the tensor's own mask is then all there is.
    """
    for place, parameter in masked_inputs(ctx.case).items():
        mask = mask_for(ctx, place)
        given = {parameter: as_argument(ctx, mask)}
        expected = ctx.call.run(ctx.layer, ctx.inputs, **given)
        received, _ = masked_outputs(ctx, ctx.inputs, place)
        found = first_difference(
            [unmasked(one, mask) for one in received],
            [unmasked(one, mask) for one in expected],
            1e-6,
        )
        if found:
            ctx.fail(
                f"the mask that `{ctx.case.labels[place]}` carries does not do what "
                f"`{parameter}=` does: {found}.",
                f"Where `{parameter}` is None, take the tensor's `_keras_mask`.",
            )


def as_argument(ctx: Context, mask: Array) -> Any:
    """A mask as `call` takes it: of a list of tensors, the list of theirs."""
    first = next(iter(ctx.case.inputs.values()))
    if isinstance(first, list):
        return [backend.tensor(mask), *[None] * (len(first) - 1)]
    return backend.tensor(mask)


def unmasked(output: Array, mask: Array | None) -> Array:
    """An output's unmasked steps, or all of it where it has not the mask's steps."""
    fits = mask is not None and output.shape[: mask.ndim] == mask.shape
    return output[mask] if fits else output


def has_steps(case: LayerCase) -> bool:
    shape = case.shapes[0]
    several = len(shape) >= 2 and shape[1] > 1
    return (
        case.mask is not None
        and several
        and (len(shape) >= 3 or bool(masked_inputs(case)))
    )


@check("masks", applies=has_steps)
def masked_steps_do_not_count(ctx: Context) -> None:
    """Guards against padding that changes the result.

    What a masked step holds must not be seen in any other step's output, nor in an
    output without steps.
    """
    places = set(masked_inputs(ctx.case))
    if len(ctx.case.shapes[0]) >= 3:
        places.add(0)
    for place in sorted(places):
        mask = mask_for(ctx, place)
        changed = list(ctx.inputs)
        changed[place] = with_other_values(ctx, place, ~mask)
        expected, masks = masked_outputs(ctx, ctx.inputs, place)
        received, _ = masked_outputs(ctx, changed, place)
        for number, (one, other) in enumerate(zip(received, expected, strict=True)):
            kept = masks[number] if callable(ctx.case.mask) and place == 0 else mask
            found = difference(unmasked(one, kept), unmasked(other, kept), 1e-5)
            if found:
                ctx.fail(
                    f"what a masked step of `{ctx.case.labels[place]}` holds changes "
                    f"output {number}: {found}.",
                    "Use the mask in `call` wherever steps are mixed.",
                )


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


def with_other_values(ctx: Context, place: int, where: Array) -> Array:
    """An input with other values in some steps."""
    value = ctx.inputs[place].copy()
    if is_float(value):
        value[where] = value[where] + 3.0
    else:
        value[where] = ctx.draws.others(1)[place][where][::-1]
    return value
