"""Stating a case for a layer that nobody has described: tried inputs, observed facts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

import keras
import numpy as np

from .backend import backend
from .between_calls import leave_calls
from .calling import RUNS
from .candidates import SHAPES, WIDTHS, candidates
from .case import LayerCase
from .causes import key_of
from .checks.losses import added
from .checks.masks import mask_for, masked_outputs
from .context import Context
from .equal_calls import draws_at_rest, draws_in_training
from .inputs import Array, InputValue, shown
from .numerics import ROUNDING, difference, first_difference, is_float, resize
from .outcomes import CheckFailure, NotApplicable
from .source import source_of
from .standing import is_the_right_kind

# What Keras or the layer itself passes, where the user does not.
NOT_INPUTS = ("training", "mask", "states", "initial_state")


class NoInputs(Exception):
    """None of the inputs tried is accepted; the message says why, one by one."""


def observed_case(
    layer: Callable[..., Any],
    args: Mapping[str, Any],
    inputs: Mapping[str, InputValue] | None = None,
    **stated: Any,
) -> LayerCase:
    """A case of a layer that states what calls are seen to do.

    Losses, states, dtypes, masks, randomness, and whether training differs from
    inference are observed; so the checks hold the layer to behaving alike everywhere,
    not to what was meant. Of a layer that cannot be made or called, nothing is stated:
    `can_be_called` says why.

    Args:
        layer: As in `LayerCase`.
        args: Arguments of its constructor.
        inputs: As in `LayerCase`; None tries inputs of several ranks and dtypes, and
            takes the first that the layer accepts.
        stated: What else is known of the layer, as in `LayerCase`; it is not observed.

    Raises:
        NoInputs: No input that was tried is accepted.
    """
    leave_calls()
    if inputs is None:
        case = _tried(layer, args, stated)
    else:
        case = LayerCase(layer, args, inputs, **stated)
    try:
        return case if Context(case).flaw else replace(_observed(case), **stated)
    except CheckFailure:
        return case  # What fails in training alone is for the checks to tell.


def _tried(
    layer: Callable[..., Any], args: Mapping[str, Any], stated: Mapping[str, Any]
) -> LayerCase:
    """A case with the first inputs that suit the layer, or else are accepted.

    What suits it makes a difference, and leaves each sample to itself: of too few axes, one
    that the layer takes for another is the batch. Where none is accepted
    with an open batch and in training, that is for checks to tell of the first that is without.
    """
    untried = LayerCase(layer, args, {"x": SHAPES[0]}, **stated)
    try:
        is_the_right_kind(Context(untried).make)
    except CheckFailure:
        return untried  # No input can help.
    accepted: list[tuple[bool, bool, LayerCase]] = []
    closed: list[LayerCase] = []
    refused = []
    known = input_names(layer), keys_of(layer), _widths(untried)
    for candidate, inputs_as in candidates(*known):
        found = {**stated, "inputs_as": inputs_as} if inputs_as else stated
        case = LayerCase(layer, args, candidate, **found)
        ctx = Context(case)
        if flaw := ctx.flaw:
            refused.append((shown(candidate), said_of(flaw)))
        elif _flaw_of_symbolic(ctx) or _flaw_in_training(ctx):
            closed.append(case)
        else:
            reads = _reads_values(ctx)
            accepted.append((reads, _leaves_rows_alone(ctx), case))
            if reads and accepted[-1][1]:
                return case
    if not accepted and closed:
        return closed[0]
    if not accepted:
        raise NoInputs(_told(refused) or "`call` takes no tensor by name.")
    return max(accepted, key=lambda one: one[:2])[-1]


def _widths(case: LayerCase) -> list[int]:
    """The numbers among a constructor's arguments that may be of features, those given
    first."""
    values = [*case.args.values(), *case.arguments.values()]
    found = [one for one in values if type(one) is int and 1 < one != SHAPES[0][-1]]
    return [*dict.fromkeys(found)][:WIDTHS]


def _told(refused: list[tuple[str, str]]) -> str:
    """What was refused, one line for each thing that was said."""
    said: dict[str, list[str]] = {}
    for inputs, words in refused:
        said.setdefault(key_of(words), []).append(f"{inputs}: {words}")
    return "\n".join(
        lines[0] + (f" (and {len(lines) - 1} more like it)" if lines[1:] else "")
        for lines in said.values()
    )


def said_of(flaw: CheckFailure) -> str:
    """The first line of a failure, without what was done: that is the same of all."""
    first = str(flaw).splitlines()[0]
    return first.partition(" raised ")[2] or first


def _flaw_of_symbolic(ctx: Context) -> CheckFailure | None:
    """Why the layer cannot be called with an unknown batch; None where it can, or need not."""
    if 0 not in ctx.case.unknown:
        return None
    try:
        with ctx.blame("calling the layer with an unknown batch", RUNS):
            ctx.graphs.symbolic(ctx.layer, ctx.graphs.shapes(0))
    except CheckFailure as failure:
        return failure
    except NotApplicable:
        return None
    return None


def _flaw_in_training(ctx: Context) -> CheckFailure | None:
    """Why the layer cannot be called in training; None where it can."""
    try:
        ctx.call.run(ctx.layer, ctx.inputs, **ctx.case.in_training)
    except CheckFailure as failure:
        return failure
    return None


def _reads_values(ctx: Context) -> bool:
    """Whether what comes after the point of the inputs changes the outputs; of inputs that
    are no floats, whether other values do."""
    if ctx.case.has_float_input:
        given = [np.trunc(one) if is_float(one) else one for one in ctx.inputs]
    else:
        given = ctx.draws.others(1)
    found = ctx.call.run(ctx.layer, given)
    return first_difference(found, ctx.outputs, 0.0) is not None


def _leaves_rows_alone(ctx: Context) -> bool:
    """Whether a sample gives what it gives in a batch: alone, and among more of them, in
    whatever place."""
    for of_it in (lambda one: one[:1], lambda one: np.concatenate([one] * 3)):
        try:
            found = ctx.call.run(ctx.layer, [of_it(one) for one in ctx.inputs])
        except CheckFailure:
            return False
        rows = [of_it(one) for one in ctx.outputs]
        if first_difference(found, rows, ROUNDING["float32"]) is not None:
            return False
    return True


def input_names(layer: Callable[..., Any]) -> list[str]:
    """The parameters of a layer's `call` that must be given tensors."""
    case = LayerCase(layer, {}, {"x": (1,)})
    if not case.is_class:
        return ["x"]
    names = case.tensor_parameters
    return [n for n in names if n not in NOT_INPUTS and not n.endswith("_mask")]


def keys_of(layer: Callable[..., Any]) -> list[str]:
    """The names by which `call` reads what it is given first, where that is all."""
    single = len(input_names(layer)) == 1
    return source_of(layer).keys_of_inputs() if single else []


def _observed(case: LayerCase) -> LayerCase:
    """The case with what calls at inference and in training do."""
    ctx = Context(case)
    layer = ctx.build.new()
    # A weight that begins as zero may hide what comes of others, and what is drawn.
    ctx.weights.perturb(layer)
    # Inputs that the layer has not seen when it was built: it may remember those.
    inputs = ctx.draws.others(1)
    start = _values(ctx, layer)
    at_rest = ctx.call.step(layer, inputs, training=False)
    rested = _values(ctx, layer)
    draws = draws_at_rest(ctx, layer, inputs)
    in_training = ctx.call.step(layer, inputs, training=True)
    trained = _values(ctx, layer)
    losses = len(added(layer))
    states = _moved(start, rested) | _moved(rested, trained)
    differs = first_difference(in_training, at_rest, 1e-6) is not None
    differs |= bool(_moved(rested, trained))
    settled = not _moved(start, rested)
    return replace(
        case,
        losses=losses,
        training=True if differs and settled and not draws else None,
        states={n: tuple(v.shape) for n, v in states.items()} or None,
        unknown=() if _has_state_per_sample(ctx, states) else case.unknown,
        random=draws_in_training(ctx, layer, inputs),
        dtypes=_own_dtypes(ctx) or None,
        mask=_mask(ctx),
    )


def _values(ctx: Context, layer: Any) -> dict[str, Array]:
    named = ctx.weights.named(layer)
    return {
        name: backend.to_numpy(one).copy()
        for name, one in named.items()
        if not one.trainable
    }


def _moved(before: dict[str, Array], after: dict[str, Array]) -> dict[str, Array]:
    return {
        name: after[name]
        for name, value in before.items()
        if difference(after[name], value, 0.0)
    }


def _has_state_per_sample(ctx: Context, states: dict[str, Array]) -> bool:
    """Whether a larger batch makes a state larger."""
    twice = ctx.make.new()
    ctx.call.run(twice, resize(ctx.inputs, 0, 2))
    values = _values(ctx, twice)
    return any(values[name].shape != value.shape for name, value in states.items())


def _own_dtypes(ctx: Context) -> dict[str, str]:
    """The dtypes of weights that do not follow the layer's policy."""
    try:
        layer, given = ctx.policies.under("float64")
    except NotApplicable:
        return {}
    return {
        one.name: one.dtype
        for one in layer.weights
        if "float" in one.dtype and one.dtype != "float64" and id(one) not in given
    }


def _mask(ctx: Context) -> Literal["pass", "stop"] | None:
    """What becomes of a mask, where the layer supports masks and the input has steps."""
    case = ctx.case
    steps = len(case.shapes[0]) >= 3 and case.shapes[0][1] > 1 and not case.is_cell
    if not steps or not getattr(ctx.layer, "supports_masking", False):
        return None
    _, masks = masked_outputs(ctx, ctx.inputs)
    if masks[0] is None:
        return "stop" if "mask" in case.call_parameters else None
    return None if difference(masks[0], mask_for(ctx), 0.0) else "pass"


def is_layer(target: Any) -> bool:
    """Whether something is a Keras layer class."""
    return isinstance(target, type) and issubclass(target, keras.layers.Layer)
