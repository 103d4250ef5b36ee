"""Whether the statements of a case make sense, before any layer is made."""

from typing import TYPE_CHECKING

import numpy as np

from .inputs import Input

if TYPE_CHECKING:
    from .case import LayerCase


def problems_of(case: "LayerCase") -> list[str]:
    """What is wrong with the statements of a case, in words."""
    problems = []
    if not callable(case.layer):
        problems.append(f"`layer` must be a class or a function: {case.layer!r}")
    if not case.inputs:
        problems.append("`inputs` must name at least one input.")
    elif next(iter(case.inputs.values())) is None:
        problems.append("the first input cannot be left out.")
    for name, value in case.inputs.items():
        for one in value if isinstance(value, list) else [value]:
            if value is not None and not isinstance(one, tuple | np.ndarray | Input):
                problems.append(
                    f"input `{name}` must be a shape tuple, a NumPy array or an "
                    f"`Input`. Received: {one!r}"
                )
    if case.training not in (None, True):
        problems.append(f"`training` must be None or True: {case.training!r}")
    if not (case.mask in (None, "pass", "stop") or callable(case.mask)):
        problems.append(
            '`mask` must be None, "pass", "stop" or a function. '
            f"Received: {case.mask!r}"
        )
    if isinstance(case.losses, bool) or not isinstance(case.losses, int):
        problems.append(f"`losses` must be a number of losses: {case.losses!r}")
    for name, shape in (case.states or {}).items():
        if not isinstance(shape, tuple | list):
            problems.append(f"state `{name}` must be a shape: {shape!r}")
    unknown = {*(case.call_args or {})} & {*case.inputs}
    if unknown:
        problems.append(f"{sorted(unknown)} are both inputs and `call_args`.")
    if not (case.gradient in (None, "numeric") or callable(case.gradient)):
        problems.append(
            '`gradient` must be "numeric", a function or None. '
            f"Received: {case.gradient!r}"
        )
    return problems
