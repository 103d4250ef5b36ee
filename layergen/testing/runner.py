"""Running the checks: one by one under pytest, or all at once into a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import fresh
from .case import LayerCase
from .checks.standing import can_be_called  # Its package registers all checks.
from .context import context_of
from .registry import Check, CheckFailure, NotApplicable, checks_for
from .scopes import seeded

UNEXPECTED = "No check expects this: if the layer is right, the check is at fault."


@dataclass(frozen=True)
class Failure:
    """A check that a layer fails."""

    check: str
    message: str


@dataclass
class Report:
    """What became of the checks of one case."""

    case: LayerCase
    passed: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    not_applicable: dict[str, str] = field(default_factory=dict)

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
    with seeded(case.seed), context.blame(f"the check {one.name}", UNEXPECTED):
        if context.flaw and one.body is not can_be_called:
            raise NotApplicable("not run, for can_be_called failed")
        one.body(context)


def outcome(one: Check, case: LayerCase) -> tuple[str | None, str | None]:
    """Why a check does not apply, and why it fails; both None where it passes."""
    try:
        run_check(one, case)
    except NotApplicable as reason:
        return str(reason), None
    except CheckFailure as failure:
        return None, str(failure)
    return None, None


def check_layer(case: LayerCase) -> Report:
    """Runs all checks that apply to a case, outside pytest."""
    report = Report(case)
    for one in checks_for(case):
        lacking, failure = outcome(one, case)
        if lacking is not None:
            report.not_applicable[one.name] = lacking
        elif failure is not None:
            report.failures.append(Failure(one.name, failure))
        else:
            report.passed.append(one.name)
    return report


def parametrize_checks(cases: Sequence[LayerCase]) -> Callable[[Any], Any]:
    """Parametrizes a test of `case` and `check` with every check of every case.

    A check that does not apply to a case is not listed. One that finds while running
    that the layer has nothing to look at is skipped, with the reason.
    """
    import pytest

    def runner(one: Check) -> Callable[[LayerCase], None]:
        def run(case: LayerCase) -> None:
            lacking, failure = outcome(one, case)
            if lacking is not None:
                pytest.skip(lacking)
            if failure is not None:
                pytest.fail(f"{one.name}: {failure}", pytrace=False)

        run.__name__, run.__doc__ = one.name, one.doc
        return run

    parameters = [
        pytest.param(case, runner(one), id=f"{case.label}{number}-{one.name}")
        for number, case in enumerate(cases)
        for one in checks_for(case)
    ]
    return pytest.mark.parametrize(("case", "check"), parameters)
