"""What `layergen verify` says of a case and of its results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layergen.testing import LayerCase
    from layergen.testing.runner import Result


def name(result: Result) -> str:
    """A check, with the device where it is of several."""
    return f"{result.check} on {result.device}" if result.device else result.check


def row(result: Result) -> str:
    """A line of the table."""
    said = "FAILED" if result.outcome == "failed" else result.outcome
    why = f": {result.message}" if result.outcome == "not applicable" else ""
    return f"  {_group(result):<11} {name(result):<46} {said}{why}"


def title(case: LayerCase) -> str:
    """The line above a table: the layer, its inputs, and what was observed."""
    from layergen.testing.observing import shown

    args = ", ".join(f"{name}={value!r}" for name, value in case.args.items())
    inputs = shown({n: v for n, v in case.inputs.items() if v is not None})
    parts = [f"{case.name}({args})", inputs]
    if case.training:
        parts.append("training differs from inference")
    if case.losses:
        parts.append(f"losses: {case.losses}")
    if case.states:
        parts.append(f"states: {', '.join(case.states)}")
    return "; ".join(parts)


def data(case: LayerCase, results: Iterable[Result]) -> dict[str, object]:
    """A case and its results, for `--json`."""
    inputs = {n: _input(one) for n, one in case.inputs.items() if one is not None}
    return {
        "layer": case.name,
        "args": {name: repr(value) for name, value in case.args.items()},
        "inputs": inputs,
        "training": case.training,
        "losses": case.losses,
        "states": {name: list(shape) for name, shape in (case.states or {}).items()},
        "checks": [{"group": _group(one), **vars(one)} for one in results],
    }


def _group(result: Result) -> str:
    from layergen.testing import CHECKS

    return CHECKS[result.check].group


def _input(value: Any) -> object:
    from layergen.testing import Input

    if isinstance(value, list):
        return [_input(one) for one in value]
    if isinstance(value, tuple):
        value = Input(value)
    return {
        "shape": list(value.shape),
        "dtype": str(value.dtype),
        "min": _limit(value, "min"),
        "max": _limit(value, "max"),
    }


def _limit(value: Any, which: str) -> float | None:
    """The least or the largest value of an input, as stated or of a given array."""
    import numpy as np

    if isinstance(value, np.ndarray):
        return float(getattr(value, which)()) if value.size else None
    limit: float | None = getattr(value, which)
    return limit
