"""Running the checks: one by one under pytest, or all at once into a report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Literal

import keras

from . import fresh
from .backend import backend
from .case import LayerCase
from .checks.shapes import can_be_called  # Its package registers all checks.
from .context import context_of
from .outcomes import CheckFailure, NotApplicable
from .registry import CHECKS, Check, checks_for
from .scopes import repeatable

UNEXPECTED = "No check expects this: if the layer is right, the check is at fault."


@dataclass(frozen=True)
class Result:
    """What became of one check: `passed`, `failed` or `not applicable`, and why."""

    check: str
    outcome: Literal["passed", "failed", "not applicable"]
    message: str = ""
    device: str = ""


@dataclass(frozen=True)
class Failure:
    """A check that a layer fails, on one device where it is of several."""

    check: str
    message: str
    device: str = ""


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
        """The checks that the layer fails."""
        failed = [one for one in self.results if one.outcome == "failed"]
        return [Failure(one.check, one.message, one.device) for one in failed]

    @property
    def not_applicable(self) -> dict[str, str]:
        """The checks that found nothing to look at: name to reason."""
        found = [one for one in self.results if one.outcome == "not applicable"]
        return {one.check: one.message for one in found}

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not self.failures

    def __str__(self) -> str:
        lines = [
            f"{self.case.name}: {len(self.passed)} passed, "
            f"{len(self.failures)} failed, {len(self.not_applicable)} not applicable"
        ]
        for one in self.failures:
            place = f" on {one.device}" if one.device else ""
            lines.append(f"- {one.check}{place}: {one.message}")
        return "\n".join(lines)

    def raise_if_failed(self) -> None:
        """Raises an AssertionError that lists every failure."""
        if self.failures:
            raise AssertionError(str(self))


def devices_of(one: Check) -> list[str]:
    """Where a check is to run; "" is where Keras runs."""
    return backend.devices() if one.trains else [""]


def run_check(one: Check, case: LayerCase, device: str = "") -> None:
    """Runs one check on one case; raises CheckFailure or NotApplicable.

    Where the layer cannot be called at all, `can_be_called` fails and no other is run.
    """
    fresh.start()
    context = context_of(case)
    place = keras.device(device) if device else nullcontext()
    draws = repeatable(case.seed, one.name)
    blame = context.blame(f"the check {one.name}", UNEXPECTED)
    with draws, blame, place:
        if context.flaw and one.body is not can_be_called:
            raise NotApplicable("not run, for can_be_called failed")
        one.body(context)


def result_of(one: Check, case: LayerCase, device: str = "") -> Result:
    """What becomes of one check on one case."""
    try:
        run_check(one, case, device)
    except NotApplicable as reason:
        return Result(one.name, "not applicable", str(reason), device)
    except CheckFailure as failure:
        return Result(one.name, "failed", str(failure), device)
    return Result(one.name, "passed", device=device)


def results_of(
    case: LayerCase,
    checks: Iterable[Check],
    begin: Callable[[Check, str], object] = lambda one, device: None,
) -> Iterator[Result]:
    """What becomes of the checks that apply to a case, one after the other.

    Of a layer that cannot be called this is all that there is to say. `begin` is called
    before each check, with the device that it is to run on.
    """
    standing = CHECKS["can_be_called"]
    begin(standing, "")
    first = result_of(standing, case)
    if first.outcome == "failed":
        yield first
        return
    for one in checks:
        if one.name == first.check:
            yield first
        elif one.applies(case):
            for device in devices_of(one):
                begin(one, device)
                yield result_of(one, case, device)


def check_layer(case: LayerCase) -> Report:
    """Runs all checks that apply to a case, outside pytest."""
    return Report(case, tuple(results_of(case, CHECKS.values())))


def parametrize_checks(cases: Sequence[LayerCase]) -> Callable[[Any], Any]:
    """Parametrizes a test of `case` and `check` with every check of every case.

    Checks that train a layer do so on the CPU and on every GPU, a test for each.
    A check that does not apply to a case is not listed. One that finds while running
    that the layer has nothing to look at is skipped, with the reason.
    """
    import pytest

    parameters = [
        pytest.param(
            case, _Run(one, device), id=f"{case.label}{number}-{_id(one, device)}"
        )
        for number, case in enumerate(cases)
        for one in checks_for(case)
        for device in devices_of(one)
    ]
    return pytest.mark.parametrize(("case", "check"), parameters)


def _id(one: Check, device: str) -> str:
    return f"{one.name}-{device}" if device else one.name


class _Run:
    """A check as pytest runs it, on one device."""

    def __init__(self, one: Check, device: str) -> None:
        self.check, self.device = one, device
        self.__name__, self.__doc__ = one.name, one.doc

    def __call__(self, case: LayerCase) -> None:
        import pytest

        result = result_of(self.check, case, self.device)
        if result.outcome == "not applicable":
            pytest.skip(result.message)
        if result.outcome == "failed":
            pytest.fail(f"{self.check.name}: {result.message}", pytrace=False)
