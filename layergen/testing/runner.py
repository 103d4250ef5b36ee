"""Running the checks: one by one under pytest, or all at once into a report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import fresh
from .case import LayerCase
from .checks.standing import can_be_called  # Its package registers all checks.
from .context import context_of
from .registry import CHECKS, Check, CheckFailure, NotApplicable, checks_for
from .scopes import seeded


@dataclass(frozen=True)
class Result:
    """What became of one check: `passed`, `failed` or `not applicable`, and why."""

    check: str
    outcome: Literal["passed", "failed", "not applicable"]
    message: str = ""


@dataclass(frozen=True)
class Failure:
    """A check that a layer fails."""

    check: str
    message: str


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
        return [Failure(one.check, one.message) for one in failed]

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
        lines += [f"- {one.check}: {one.message}" for one in self.failures]
        return "\n".join(lines)

    def raise_if_failed(self) -> None:
        """Raises an AssertionError that lists every failure."""
        if self.failures:
            raise AssertionError(str(self))


def run_check(one: Check, case: LayerCase) -> None:
    """Runs one check on one case; raises CheckFailure or NotApplicable.

    Where the layer cannot be called at all, `can_be_called` fails and no other is run.
    """
    fresh.start()
    context = context_of(case)
    with seeded(case.seed), context.blame(f"the check {one.name}"):
        if context.flaw and one.body is not can_be_called:
            raise NotApplicable("not run, for can_be_called failed")
        one.body(context)


def result_of(one: Check, case: LayerCase) -> Result:
    """What becomes of one check on one case."""
    try:
        run_check(one, case)
    except NotApplicable as reason:
        return Result(one.name, "not applicable", str(reason))
    except CheckFailure as failure:
        return Result(one.name, "failed", str(failure))
    return Result(one.name, "passed")


def results_of(case: LayerCase, checks: Iterable[Check]) -> Iterator[Result]:
    """What becomes of the checks that apply to a case, one after the other.

    Of a layer that cannot be called this is all that there is to say.
    """
    first = result_of(CHECKS["can_be_called"], case)
    if first.outcome == "failed":
        yield first
        return
    for one in checks:
        if one.applies(case):
            yield first if one.name == first.check else result_of(one, case)


def check_layer(case: LayerCase) -> Report:
    """Runs all checks that apply to a case, outside pytest."""
    return Report(case, tuple(results_of(case, CHECKS.values())))


def parametrize_checks(cases: Sequence[LayerCase]) -> Callable[[Any], Any]:
    """Parametrizes a test of `case` and `check` with every check of every case.

    A check that does not apply to a case is not listed. One that finds while running
    that the layer has nothing to look at is skipped, with the reason.
    """
    import pytest

    def runner(one: Check) -> Callable[[LayerCase], None]:
        def run(case: LayerCase) -> None:
            result = result_of(one, case)
            if result.outcome == "not applicable":
                pytest.skip(result.message)
            if result.outcome == "failed":
                pytest.fail(f"{one.name}: {result.message}", pytrace=False)

        run.__name__, run.__doc__ = one.name, one.doc
        return run

    parameters = [
        pytest.param(case, runner(one), id=f"{case.label}{number}-{one.name}")
        for number, case in enumerate(cases)
        for one in checks_for(case)
    ]
    return pytest.mark.parametrize(("case", "check"), parameters)
