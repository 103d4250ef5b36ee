"""Judging the checks of a case: what fails, what is known to, and what only follows."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from .case import LayerCase
from .gates import gates_of
from .outcomes import CheckFailure, NotApplicable, meant
from .registry import CHECKS, Check
from .report import Outcome, Result
from .running import devices_of, run_check
from .smallest import smallest_shown

UNEXPECTEDLY = "Take it out of what is expected to fail."


class Judge:
    """What becomes of the checks of one case, each judged once.

    Where a check fails, and so does one that it waits for, or where another has failed
    for the same cause, it is stopped by that one. Only `names` are looked at.
    """

    def __init__(self, case: LayerCase, names: Collection[str]) -> None:
        for name in case.expected_failures or {}:
            if name not in CHECKS:
                raise ValueError(
                    f"LayerCase({case.name}): `expected_failures` names {name!r}, "
                    f"which is no check.{meant(name, CHECKS)}"
                )
        self.case, self.names = case, names
        self._results: dict[tuple[str, str], Result] = {}
        self._causes: dict[str, str] = {}

    def result(self, one: Check, device: str = "") -> Result:
        """What becomes of one check, on the first of its devices unless on another."""
        key = one.name, device or devices_of(one)[0]
        if key not in self._results:
            self._results[key] = self._judged(one, key[1])
        return self._results[key]

    def _judged(self, one: Check, device: str) -> Result:
        reason = (self.case.expected_failures or {}).get(one.name, "")
        try:
            run_check(one, self.case, device)
        except NotApplicable as why:
            return Result(one.name, "not applicable", str(why), device)
        except CheckFailure as failure:
            by = self._stopping(one, failure.cause)
            outcome: Outcome = "stopped" if by else "known" if reason else "failed"
            small = (
                smallest_shown(one, self.case, failure) if outcome == "failed" else ""
            )
            return Result(one.name, outcome, f"{failure}{small}", device, by, reason)
        if reason:
            said = f"{self.case.name}: it passes, and is expected to fail: {reason}."
            return Result(one.name, "failed", f"{said}\n{UNEXPECTEDLY}", device)
        return Result(one.name, "passed", device=device)

    def _stopping(self, one: Check, cause: str) -> str:
        """The check whose failure explains that of another; "" where none does."""
        for gate in gates_of(one):
            if gate.name in self.names and gate.applies(self.case):
                result = self.result(gate)
                if result.by or result.outcome in ("failed", "known"):
                    return result.by or result.check
        first = self._causes.setdefault(cause, one.name) if cause else one.name
        return "" if first == one.name else first


def expecting(case: LayerCase, known: Mapping[str, str]) -> LayerCase:
    """The case, of which more checks are known to fail: name to reason."""
    return replace(case, expected_failures={**(case.expected_failures or {}), **known})
