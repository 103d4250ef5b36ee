"""Stating a case for a layer that nobody has described: tried inputs, observed facts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import keras

from . import backend
from .case import LayerCase
from .checks.losses import added
from .context import Context
from .inputs import Array, Input, InputValue
from .numerics import difference, first_difference
from .registry import CheckFailure

SHAPES = ((2, 8), (2, 5, 8), (2, 6, 6, 8), (2, 4, 4, 4, 8), (2,))
# What Keras or the layer itself passes, where the user does not.
NOT_INPUTS = ("training", "mask", "states", "initial_state")


class NoInputs(Exception):
    """None of the inputs tried is accepted; the message says why, one by one."""


def observed_case(
    layer: Callable[..., Any],
    args: Mapping[str, Any],
    inputs: Mapping[str, InputValue] | None = None,
) -> LayerCase:
    """A case of a layer that states what calls are seen to do.

    Losses, states, and whether training differs from inference are observed; so the
    checks hold the layer to behaving alike everywhere, not to what was meant.

    Args:
        layer: As in `LayerCase`.
        args: Arguments of its constructor.
        inputs: As in `LayerCase`; None tries inputs of several ranks and dtypes, and
            takes the first that the layer accepts.

    Raises:
        NoInputs: No input that was tried is accepted.
    """
    if inputs is not None:
        case = LayerCase(layer, args, inputs)
        return case if Context(case).flaw else _observed(case)
    refused = []
    for candidate in _candidates(layer, args):
        case = LayerCase(layer, args, candidate)
        ctx = Context(case)
        try:
            ctx.construct()
        except CheckFailure:
            return case  # No input can help.
        flaw = ctx.flaw
        if flaw is None:
            return _observed(case)
        refused.append(f"{shown(candidate)}: {flaw.splitlines()[0]}")
    raise NoInputs("\n".join(refused))


def shown(inputs: Mapping[str, InputValue]) -> str:
    """Inputs in a line."""

    def one(value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(map(one, value))}]"
        if isinstance(value, Input):
            least, most = value.min, value.max
            limits = "" if least is None or most is None else f" {least:g}..{most:g}"
            return f"{tuple(value.shape)} {value.dtype}{limits}"
        return str(value)

    return ", ".join(f"{name} {one(value)}" for name, value in inputs.items())


def input_names(layer: Callable[..., Any]) -> list[str]:
    """The parameters of a layer's `call` that must be given tensors."""
    case = LayerCase(layer, {}, {"x": (1,)})
    if not case.is_class:
        return ["x"]
    names = case.required_call_parameters
    return [n for n in names if n not in NOT_INPUTS and not n.endswith("_mask")]


def _candidates(
    layer: Callable[..., Any], args: Mapping[str, Any]
) -> Iterator[dict[str, InputValue]]:
    names = input_names(layer)
    for shape in SHAPES:
        yield {name: shape for name in names}
    yield {name: Input((2, 5), "int32", 0, 3) for name in names}
    if len(names) == 1:
        for shape in SHAPES[:3]:
            yield {names[0]: [shape, shape]}


def _observed(case: LayerCase) -> LayerCase:
    """The case with what a call at inference and one in training do."""
    ctx = Context(case)
    layer = ctx.built()
    # Inputs that the layer has not seen when it was built: it may remember those.
    inputs = ctx.other_inputs(1)
    takes = "training" in case.call_parameters
    start = _values(ctx, layer)
    at_rest = ctx.step(layer, inputs, **({"training": False} if takes else {}))
    rested = _values(ctx, layer)
    in_training = ctx.step(layer, inputs, **case.in_training)
    trained = _values(ctx, layer)
    states = _moved(start, rested) | _moved(rested, trained)
    differs = first_difference(in_training, at_rest, 1e-6) is not None
    differs |= bool(_moved(rested, trained))
    settled = not _moved(start, rested)
    per_sample = any(tuple(v.shape)[:1] == case.shapes[0][:1] for v in states.values())
    return replace(
        case,
        losses=len(added(layer)),
        training=True if takes and differs and settled else None,
        states={n: tuple(v.shape) for n, v in states.items()} or None,
        unknown=() if per_sample else case.unknown,
    )


def _values(ctx: Context, layer: Any) -> dict[str, Array]:
    named = ctx.named_weights(layer)
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


def is_layer(target: Any) -> bool:
    """Whether something is a Keras layer class."""
    return isinstance(target, type) and issubclass(target, keras.layers.Layer)
