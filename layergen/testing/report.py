"""What became of the checks of a case, as data and in words."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Literal

from .case import LayerCase

Outcome = Literal["passed", "failed", "known", "stopped", "not applicable"]


@dataclass(frozen=True)
class Result:
    """What became of one check, and why.

    A failure that the case expects is `known`, for the `reason` that it gives; one that
    another check's failure brings about is `stopped`, `by` that check.
    """

    check: str
    outcome: Outcome
    message: str = ""
    device: str = ""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Failure:
    """A check that a layer fails, on one device where it is of several.

    `stops` are the checks that fail, or cannot be judged, for the same cause.
    """

    check: str
    message: str
    device: str = ""
    stops: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What became of the checks of one case."""

    case: LayerCase
    results: tuple[Result, ...]

    @property
    def passed(self) -> list[str]:
        """The names of the checks that the layer passes."""
        return [one.check for one in self.results if one.outcome == "passed"]

    @property
    def failures(self) -> list[Failure]:
        """The checks that the layer fails, one for each cause."""
        found = [one for one in self.results if one.outcome == "failed"]
        return [
            Failure(one.check, one.message, one.device, stopped_by(one, self.results))
            for one in found
        ]

    @property
    def stopped(self) -> dict[str, str]:
        """The checks that wait for another: name to the name of that one."""
        found = [one for one in self.results if one.outcome == "stopped"]
        return {one.check: one.by for one in found}

    @property
    def known(self) -> dict[str, str]:
        """The checks that fail as the case expects: name to the reason it gives."""
        found = [one for one in self.results if one.outcome == "known"]
        return {one.check: one.reason for one in found}

    @property
    def not_applicable(self) -> dict[str, str]:
        """The checks that found nothing to look at: name to reason."""
        found = [one for one in self.results if one.outcome == "not applicable"]
        return {one.check: one.message for one in found}

    @property
    def ok(self) -> bool:
        """Whether no check failed but as the case expects."""
        return not self.failures

    def __str__(self) -> str:
        counts: dict[str, Sized] = {
            "passed": self.passed,
            "failed": self.failures,
            "stopped": self.stopped,
            "known": self.known,
            "not applicable": self.not_applicable,
        }
        lines = [f"{self.case.name}: {summed_up(counts)}"]
        for one in self.failures:
            place = f" on {one.device}" if one.device else ""
            lines.append(f"- {one.check}{place}: {one.message}{listed(one.stops)}")
        return "\n".join(lines)

    def raise_if_failed(self) -> None:
        """Raises an AssertionError that lists every failure."""
        if self.failures:
            raise AssertionError(str(self))


def summed_up(counts: Mapping[str, Sized]) -> str:
    """How many checks ended in which way; what there need not be is left out at none."""
    always = ("passed", "failed", "not applicable")
    return ", ".join(
        f"{len(found)} {name}"
        for name, found in counts.items()
        if len(found) or name in always
    )


def stopped_by(one: Result, results: Sequence[Result]) -> tuple[str, ...]:
    """The checks that wait for one, each once."""
    waiting = [
        other.check
        for other in results
        if other.outcome == "stopped" and other.by == one.check
    ]
    return tuple(dict.fromkeys(waiting))


def listed(stops: tuple[str, ...]) -> str:
    """A line that names the checks that a failure stops; none where there are none."""
    return f"\nFor this cause it stops: {', '.join(stops)}." if stops else ""
