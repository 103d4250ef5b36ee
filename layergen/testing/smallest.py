"""The smallest input that shows a fault, among a few that are tried."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from .case import LayerCase
from .causes import key_of
from .inputs import Input, InputValue, Shape, shown
from .outcomes import CheckFailure
from .registry import Check
from .running import run_check

# Groups whose checks call a layer a few times, and compile nothing.
QUICK = ("shapes", "values", "gradients", "precision", "masks")


def smallest_shown(one: Check, case: LayerCase, failure: CheckFailure) -> str:
    """A line with the smallest input tried that shows the same; "" where none does.

    What is stated of shapes holds for the case's own inputs alone: where something is,
    no others are tried.
    """
    stated = (case.outputs, case.weights, case.states)
    if one.group not in QUICK or any(stated) or _has_values(case):
        return ""
    if ": constructing " in str(failure):
        return ""  # No input has a part in it.
    for inputs in _smaller(case):
        tried = replace(case, inputs=inputs)
        if one.applies(tried) and _fails_alike(one, tried, failure):
            return f"\nThe smallest input that shows it: {shown(inputs)}."
    return ""


def _fails_alike(one: Check, case: LayerCase, failure: CheckFailure) -> bool:
    try:
        run_check(one, case)
    except CheckFailure as other:
        return _likeness(other) == _likeness(failure)
    except Exception:  # It has nothing to look at, or is no input for this layer.
        return False
    return False


def _likeness(failure: CheckFailure) -> str:
    """What two failures of the same fault have in common: all but numbers."""
    first = str(failure).splitlines()[0].partition(" values differ")[0]
    return failure.cause or key_of(first)


def _smaller(case: LayerCase) -> Iterator[dict[str, InputValue]]:
    """Inputs of the same ranks: one sample of sizes of two, two samples, one of its own.

    Sizes of one are not tried: much of what fails there fails for that alone.
    """
    ways: tuple[Callable[[Shape], Shape], ...] = (
        lambda shape: (1, *(min(size, 2) for size in shape[1:])),
        lambda shape: tuple(min(size, 2) for size in shape),
        lambda shape: (1, *shape[1:]),
    )
    for sizes in ways:
        inputs = {name: _resized(one, sizes) for name, one in case.inputs.items()}
        if inputs != dict(case.inputs):
            yield inputs


def _resized(value: Any, sizes: Callable[[Shape], Shape]) -> Any:
    if isinstance(value, list):
        return [_resized(one, sizes) for one in value]
    if isinstance(value, Input):
        return replace(value, shape=_resized(value.shape, sizes))
    return sizes(value) if value else value


def _has_values(case: LayerCase) -> bool:
    """Whether a case gives arrays, which are meant as they are."""
    flat = [one if isinstance(one, list) else [one] for one in case.inputs.values()]
    return any(isinstance(one, np.ndarray) for some in flat for one in some)
