"""Masks: handed on, used up or computed, as stated, and masked steps do not count."""

import inspect
import warnings
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import numpy as np

from ..backend import backend
from ..case import Array, LayerCase
from ..context import Context
from ..numerics import difference
from ..outcomes import CheckFailure
from ..registry import check

DELIVERED = "Keras hands `call` a mask of batch and time: take it, or no mask at all."
GIVEN = (
    "It gets the first input's mask, the first input, and what else of inputs, their masks "
    "(`<input>_mask`) and arguments it names."
)
SUPPORT = "Set `self.supports_masking = True` in the constructor."
NEW_MASK = "Return the new mask from `compute_mask(self, inputs, mask=None)`."
DROPS = "Let `compute_mask` return None, where the mask ends here."


def mask_for(ctx: Context, number: int = 0) -> Array:
    """A mask over batch and time of an input: the last step is masked."""
    mask = np.ones(ctx.inputs[number].shape[: mask_axes(ctx, number)], "bool")
    mask[..., -1] = False
    return mask


@lru_cache(maxsize=8)
def mask_axes(ctx: Context, number: int) -> int:
    """How many axes a mask of an input has: those of batch and time, or, where the layer
    fails on such, all but that of features, as `keras.layers.Masking` makes it."""
    rank = ctx.inputs[number].ndim
    for axes in (2, rank - 1) if rank > 3 else ():
        tensors = [backend.tensor(one) for one in ctx.inputs]
        mask = np.ones(ctx.inputs[number].shape[:axes], "bool")
        tensors[number]._keras_mask = backend.tensor(mask)
        with suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ctx.call.flat(ctx.layer, tensors)
            return axes
    return 2


def stated_mask(ctx: Context, masks: list[Array | None]) -> Any:
    """What the case's function makes of the inputs, a mask or None for each, and arguments."""
    function: Any = ctx.case.mask
    tensors, theirs = dict(ctx.case.pack(ctx.inputs)), dict(ctx.case.pack(masks))
    given = tensors | {f"{name}_mask": one for name, one in theirs.items()}
    absent = ctx.case.left_out
    given |= absent | {f"{name}_mask": None for name in absent} | {**ctx.case.args}
    taken = [*inspect.signature(function).parameters.values()][2:]
    further = {one.name: given[one.name] for one in taken if one.name in given}
    first = next(iter(tensors))
    return function(theirs[first], tensors[first], **further)


def read_masks(case: LayerCase) -> list[int]:
    """The places of the inputs whose masks the case's function reads."""
    function: Any = case.mask
    first, *others = inspect.signature(function).parameters
    names: dict[str, list[int]] = {}
    for place, label in enumerate(case.labels):
        names.setdefault(label.partition("[")[0], []).append(place)
    read = [] if first == "_" else [next(iter(names))]
    read += [name for name in names if f"{name}_mask" in others[1:]]
    free = {*case.args, *case.inputs}
    return [
        place
        for name in dict.fromkeys(read)
        for place in names[name]
        if f"{name}_mask" not in free
    ]


def present(places: list[int]) -> list[list[int]]:
    """Which of the masks there are: all, each alone, none."""
    alone = [[one] for one in places] if len(places) > 1 else []
    return [places, *alone, []] if places else [[]]


def first_output(case: LayerCase) -> int:
    """The place of the output that is stated first: those of a dict come by their keys."""
    stated = case.outputs
    return (
        sorted(stated).index(next(iter(stated))) if isinstance(stated, Mapping) else 0
    )


def makes_masks(case: LayerCase) -> bool:
    """Whether the case's function makes a mask of the input alone."""
    if not callable(case.mask):
        return False
    return next(iter(inspect.signature(case.mask).parameters), "") == "_"


def mask_of(tensor: Any) -> Any:
    """The Keras mask that a tensor carries, or None."""
    return getattr(tensor, "_keras_mask", None)


def masked_outputs(
    ctx: Context, flat: list[Array], number: int = 0
) -> tuple[list[Array], list[Array | None]]:
    """Outputs, and their masks, for inputs one of which carries a mask."""
    return outputs_under(ctx, flat, {number: mask_for(ctx, number)})


def outputs_under(
    ctx: Context, flat: list[Array], given: Mapping[int, Array]
) -> tuple[list[Array], list[Array | None]]:
    """Outputs, and their masks, for inputs some of which carry a mask."""
    tensors = [backend.tensor(one) for one in flat]
    for number, mask in given.items():
        tensors[number]._keras_mask = backend.tensor(mask)
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
    outputs, masks = masked_outputs(ctx, ctx.inputs)
    # A layer that returns its input keeps the mask on it, and models drop it all the same.
    supports = ctx.make.core(ctx.layer).supports_masking or not ctx.case.is_class
    steps = [n for n, one in enumerate(outputs) if one.shape[: mask.ndim] == mask.shape]
    for number in (steps if ctx.case.is_strict else steps[:1]) or [0]:
        received = masks[number]
        which = f"output {number}" if number else "the output"
        if received is None or not supports:
            hint = f"Return a mask for each output from `compute_mask`. {SUPPORT}"
            ctx.fail(
                f"{which} carries no mask, though the input does.",
                hint if number else SUPPORT,
            )
        elif difference(received, mask, 0.0):
            found = difference(received, mask, 0.0)
            ctx.fail(
                f"the mask of {which} is not the input's: {found}.",
                "Leave `compute_mask` as it is.",
            )


def masks_steps(case: LayerCase) -> bool:
    # Of two axes the second may hold features.
    return case.mask is not None and len(case.shapes[0]) >= 3


@check("masks", applies=masks_steps)
def masks_fit_their_outputs(ctx: Context) -> None:
    """Guards against a mask on an output that has not its steps.

    Where `supports_masking` is true, Keras hands the input's mask on, whatever comes out:
    a layer after one that sums the steps up then takes features for steps, or fails.
    """
    outputs, masks = masked_outputs(ctx, ctx.inputs)
    for number, (one, mask) in enumerate(zip(outputs, masks, strict=True)):
        if mask is not None and one.shape[: mask.ndim] != mask.shape:
            ctx.fail(
                f"output {number} of shape {one.shape} carries a mask of shape "
                f"{mask.shape}, which is not of its steps.",
                "Override `compute_mask`: it returns None where the steps are gone.",
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

    Keras asks `compute_mask` for it. The stated function gets None for a mask that does not
    come in: all masks that it reads come, each alone, and none. Where it returns None for
    none, or cannot do without, the output carries none then. Where it calls the first mask
    `_`, it does not look at it.
    """
    read = read_masks(ctx.case)
    for places in present(read):
        _mask_is_stated(ctx, places)
    if not read:
        _mask_is_stated(ctx, [0])


def _mask_is_stated(ctx: Context, places: list[int]) -> None:
    """Compares the mask that comes out where the masks of some inputs come in."""
    given = {place: shifted_mask(ctx, place) for place in places}
    _, masks = outputs_under(ctx, ctx.inputs, given)
    received = masks[first_output(ctx.case)]
    expected = _expected(ctx, given)
    names = ", ".join(f"`{ctx.case.labels[place]}`" for place in places)
    under = f"where {names} carr{'y a mask' if len(places) > 1 else 'ies one'}"
    under = under if places else "where no input carries one"
    if expected is None:
        if received is not None:
            ctx.fail(
                f"the output carries a mask {under}, and the stated one is None.",
                "Where `compute_mask` gets no mask, return None.",
            )
    elif received is None:
        ctx.fail(f"the output carries no mask {under}.", NEW_MASK)
    elif found := difference(received, expected, 0.0):
        ctx.fail(f"the output's mask is not the stated one {under}: {found}.", NEW_MASK)


def _expected(ctx: Context, given: Mapping[int, Array]) -> Array | None:
    """The stated mask, None where there is none."""
    masks = [given.get(place) for place in range(len(ctx.inputs))]
    try:
        with ctx.blame("the case's `mask` function", GIVEN):
            answer = stated_mask(ctx, masks)
    except CheckFailure:
        if given or makes_masks(ctx.case):
            raise
        return None  # What cannot do without a mask makes none of none.
    return None if answer is None else np.asarray(answer, dtype="bool")


def shifted_mask(ctx: Context, place: int) -> Array:
    """A mask of an input, another one for each, that differs between samples."""
    mask = mask_for(ctx, place)
    if mask.ndim > 1 and mask.shape[0] > 1 and place:
        mask[0] = np.roll(mask[0], place)
    return mask


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
