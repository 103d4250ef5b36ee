"""Running the checks: one by one under pytest, or all at once into a report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from .case import LayerCase
from .gates import GATES
from .judging import Judge
from .registry import CHECKS, Check, checks_for
from .report import Report, Result
from .running import devices_of, run_check

__all__ = ["check_layer", "parametrize_checks", "result_of", "results_of", "run_check"]


def result_of(one: Check, case: LayerCase, device: str = "") -> Result:
    """What becomes of one check on one case, whatever becomes of others."""
    return Judge(case, [one.name]).result(one, device)


def results_of(
    case: LayerCase,
    checks: Iterable[Check],
    begin: Callable[[Check, str], object] = lambda one, device: None,
) -> Iterator[Result]:
    """What becomes of the checks that apply to a case, one after the other.

    Of a layer that cannot be called this is all that there is to say. `begin` is called
    before each check, with the device that it is to run on.
    """
    checks = [*checks]
    judge = Judge(case, {one.name for one in checks})
    standing = CHECKS["can_be_called"]
    begin(standing, "")
    first = judge.result(standing)
    if first.outcome in ("failed", "known"):
        yield first
        return
    for one in checks:
        if one.name == first.check:
            yield first
        elif one.applies(case):
            for device in devices_of(one):
                begin(one, device)
                yield judge.result(one, device)


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
        for one in sorted(checks_for(case), key=_rank)
        for device in devices_of(one)
    ]
    for case in cases:
        _judge_of(case)
    return pytest.mark.parametrize(("case", "check"), parameters)


def _id(one: Check, device: str) -> str:
    return f"{one.name}-{device}" if device else one.name


def _rank(one: Check) -> int:
    """Where a check stands: those that others wait for come first."""
    first = ["can_be_called", *GATES]
    return first.index(one.name) if one.name in first else len(first)


@lru_cache(maxsize=64)
def _judge_of(case: LayerCase) -> Judge:
    return Judge(case, CHECKS)


class _Run:
    """A check as pytest runs it, on one device.

    What is stopped by another is skipped where that one has failed in this process, as
    it has if nobody has left it out; what is found of it is then told here.
    """

    told: set[tuple[int, str]] = set()

    def __init__(self, one: Check, device: str) -> None:
        self.check, self.device = one, device
        self.__name__, self.__doc__ = one.name, one.doc

    def __call__(self, case: LayerCase) -> None:
        import pytest

        judge = _judge_of(case)
        result = judge.result(self.check, self.device)
        if result.outcome == "not applicable":
            pytest.skip(result.message)
        name, stopping = self.check.name, result
        if result.by:
            stopping = judge.result(CHECKS[result.by])
            name = f"{name}, for the same cause as {result.by}"
        if result.by and (id(case), result.by) in self.told:
            pytest.skip(f"fails for the same cause as {result.by}")
        self.told.add((id(case), stopping.check))
        if stopping.outcome == "known":
            pytest.xfail(f"{stopping.reason} ({stopping.message})")
        if stopping.outcome == "failed":
            pytest.fail(f"{name}: {stopping.message}", pytrace=False)
