"""Whether the statements of a case make sense, before any layer is made."""

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np

from .inputs import Input
from .methods import Method


def problems_of(case: Any) -> list[str]:
    """What is wrong with the statements of a case, in words.

    Whatever a `LayerCase` says of its types, none of them holds before this.
    """
    kinds = [*wrong_kinds(case)]
    return kinds or [*wrong_inputs(case), *wrong_values(case)]


def wrong_kinds(case: Any) -> Iterator[str]:
    """Statements of another type than they must have."""
    if isinstance(case.layer, keras.layers.Layer):
        kind = type(case.layer).__name__
        yield f"`layer` must be the class `{kind}` itself; its arguments go to `args`."
    elif not callable(case.layer):
        yield f"`layer` must be a class or a function: {case.layer!r}"
    for name in ("args", "inputs"):
        if not isinstance(getattr(case, name), Mapping):
            yield f"`{name}` must be a dict by name: {getattr(case, name)!r}"
    for name in (
        "call_args",
        "methods",
        "scalars",
        "weights",
        "dtypes",
        "states",
        "expected_failures",
    ):
        if not isinstance(getattr(case, name), Mapping | None):
            yield f"`{name}` must be a dict by name, or None: {getattr(case, name)!r}"
    for name in ("unknown", "zero_gradient"):
        if not isinstance(getattr(case, name), tuple | list):
            yield f"`{name}` must be a tuple: {getattr(case, name)!r}"
    outputs = case.outputs
    if isinstance(outputs, Mapping):
        outputs = [*outputs.values()]
    if not (outputs is None or is_shape(outputs) or are_shapes(outputs)):
        yield f"`outputs` must be a shape or a tuple of shapes: {case.outputs!r}"


def wrong_inputs(case: Any) -> Iterator[str]:
    """Inputs that no tensor can be made of."""
    if not case.inputs:
        yield "`inputs` must name at least one input."
    elif next(iter(case.inputs.values())) is None:
        yield "the first input cannot be left out."
    for name, value in case.inputs.items():
        for one in value if isinstance(value, list) else [value]:
            if value is not None and not isinstance(one, tuple | np.ndarray | Input):
                yield (
                    f"input `{name}` must be a shape tuple, a NumPy array or an "
                    f"`Input`. Received: {one!r}"
                )
            shape = one.shape if isinstance(one, Input) else one
            if isinstance(shape, tuple) and not is_shape(shape):
                yield (
                    f"the sizes of input `{name}` must be numbers; `unknown` says "
                    f"which may be unknown at run time. Received: {shape!r}"
                )


def wrong_values(case: Any) -> Iterator[str]:
    """Statements of the right type that say nothing the checks understand."""
    if case.inputs_as not in (None, "list", "dict"):
        yield f'`inputs_as` must be None, "list" or "dict": {case.inputs_as!r}'
    elif case.inputs_as == "list" and None in case.inputs.values():
        yield "of inputs that come in a list none can be left out."
    if case.training not in (None, True):
        yield f"`training` must be None or True: {case.training!r}"
    if not (case.mask in (None, "pass", "stop") or callable(case.mask)):
        yield (
            '`mask` must be None, "pass", "stop" or a function. '
            f"Received: {case.mask!r}"
        )
    if isinstance(case.losses, bool) or not isinstance(case.losses, int | None):
        yield f"`losses` must be a number of losses, or None: {case.losses!r}"
    for kind, shapes in (("weight", case.weights), ("state", case.states)):
        for name, shape in (shapes or {}).items():
            if not is_shape(shape):
                yield f"{kind} `{name}` must be a shape: {shape!r}"
    for name, reason in (case.expected_failures or {}).items():
        if not (isinstance(reason, str) and reason.strip()):
            yield f"`expected_failures` must give a reason for {name!r}: {reason!r}"
    both = {*(case.call_args or {})} & {*case.inputs}
    if both:
        yield f"{sorted(both)} are both inputs and `call_args`."
    for name, method in (case.methods or {}).items():
        if not isinstance(method, Method):
            yield f"`methods` must give a `Method` for `{name}`: {method!r}"
    for name, numbers in (case.scalars or {}).items():
        if not (isinstance(numbers, tuple | list) and numbers and all_numbers(numbers)):
            yield f"`scalars` must give numbers for `{name}`: {numbers!r}"
    meant = (None, "numeric", "surrogate")
    if not (case.gradient in meant or callable(case.gradient)):
        yield (
            '`gradient` must be "numeric", "surrogate", a function or None. '
            f"Received: {case.gradient!r}"
        )


def all_numbers(values: Any) -> bool:
    """Whether values are numbers of Python's, and no bools."""
    return all(isinstance(n, int | float) and not isinstance(n, bool) for n in values)


def is_shape(value: Any) -> bool:
    """Whether a value is a list of sizes, all of them known."""
    return isinstance(value, tuple | list) and all(
        isinstance(size, int | np.integer) and size >= 0 for size in value
    )


def are_shapes(value: Any) -> bool:
    """Whether a value is a tuple of shapes."""
    return isinstance(value, tuple | list) and all(is_shape(one) for one in value)
