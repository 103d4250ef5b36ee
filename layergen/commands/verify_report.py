"""What `layergen verify` says of a case and of its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from layergen.testing import Check, LayerCase


class Finding(Struct, frozen=True):
    """What became of a check, on a device where it is of several, as the battery's results
    have it. `flag` is the option by which a user would say that what fails is meant."""

    group: str
    check: str
    outcome: str = "failed"
    message: str = ""
    device: str = ""
    by: str = ""
    reason: str = ""
    flag: str = ""

    @property
    def name(self) -> str:
        return f"{self.check} on {self.device}" if self.device else self.check

    @property
    def row(self) -> str:
        """A line of the table."""
        said = {
            "failed": "FAILED",
            "known": f"fails, as expected: {self.reason}",
            "stopped": f"stopped by {self.by}",
            "not applicable": f"not applicable: {self.message}",
        }
        row = said.get(self.outcome, self.outcome)
        return f"  {self.group:<11} {self.name:<46} {row}"

    def told(self, others: Sequence[Finding]) -> str:
        """A failure in full, with what it stops among the others."""
        stopped = [one.check for one in others if one.by == self.check]
        lines = [f"{self.name}: {self.message}"]
        if stopped:
            lines.append(f"It stops {', '.join(dict.fromkeys(stopped))}.")
        if self.flag:
            lines.append(f"If that is meant: {self.flag}")
        return "\n".join(lines)


class Step(Struct, frozen=True):
    """What the process that runs a layer is about to do: a check, or, with `words`, what
    comes before any and shows that the layer cannot be called."""

    group: str
    check: str
    device: str = ""
    words: str = ""

    def ended(self, how: str) -> Finding:
        """What to say where the process did not come back from it."""
        what = self.words or "the layer"
        return Finding(
            self.group,
            self.check,
            message=f"{what} ended the process it ran in ({how}); no check after this "
            "one was run.",
            device=self.device,
        )


class Told(Struct, frozen=True):
    """A case: the line above its table, and what `--json` says of it beside the checks."""

    title: str
    data: dict[str, Any]


def unknown(target: str) -> Told:
    """A layer of which no case could be made."""
    return Told(target, _data(target, {}, {}, None, 0, {}))


def told(case: LayerCase) -> Told:
    """A case, with its layer, its inputs, and what was observed."""
    from layergen.testing.inputs import shown

    given = {n: one for n, one in case.inputs.items() if one is not None}
    args = ", ".join(f"{name}={value!r}" for name, value in case.args.items())
    parts = [f"{case.name}({args})", shown(given)]
    if case.inputs_as:
        parts.append(f"in one {case.inputs_as}")
    if case.training:
        parts.append("training differs from inference")
    if case.losses:
        parts.append(f"losses: {case.losses}")
    if case.states:
        parts.append(f"states: {', '.join(case.states)}")
    data = _data(
        case.name,
        {name: repr(value) for name, value in case.args.items()},
        {name: _input(one) for name, one in given.items()},
        case.training,
        case.losses,
        {name: list(shape) for name, shape in (case.states or {}).items()},
    )
    return Told("; ".join(parts), data)


def step(one: Check, device: str = "", words: str = "") -> Step:
    """The step that runs a check."""
    return Step(one.group, one.name, device, words)


def _data(
    layer: str,
    args: dict[str, str],
    inputs: dict[str, object],
    training: bool | None,
    losses: int | None,
    states: dict[str, list[int]],
) -> dict[str, Any]:
    return {
        "layer": layer,
        "args": args,
        "inputs": inputs,
        "training": training,
        "losses": losses,
        "states": states,
    }


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
