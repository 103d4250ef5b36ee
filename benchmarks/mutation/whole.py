"""The three things that can be run: everything, a sample, the equivalent mutants."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from .equivalents import EQUIVALENT, observations, verdicts
from .gallery import all_mutants
from .mutate import Mutant, chosen, in_order
from .run import (
    SURVIVED,
    own_expectations,
    run,
    unbroken_failures,
    under_emitted,
    under_own,
)
from .shortcomings import shortcomings
from .survivors import SURVIVORS
from .table import killed_in, rows, summary


def everything(count: int, jobs: int, folder: Path) -> int:
    """Runs so many mutants under both kinds of tests, and writes the tables."""
    if unfit := unbroken_failures(jobs):
        print(f"These fail before anything is broken: {unfit}")
        return 1
    outcomes = under_emitted(chosen(all_mutants(), count), jobs)
    expected = own_expectations(jobs)
    outcomes = under_own(outcomes, expected, jobs)
    listed = [one.mutant for one in outcomes if one.mutant.name in EQUIVALENT]
    equal = {
        mutant.name: EQUIVALENT[mutant.name]
        for mutant, difference in zip(listed, differences(listed, jobs), strict=True)
        if difference is None
    }
    reasons = {k: one["reason"] for k, one in expected.items() if "reason" in one}
    page = summary(outcomes, equal, SURVIVORS, reasons)
    (folder / "results.md").write_text(page, "utf-8")
    (folder / "results.csv").write_text(rows(outcomes), "utf-8")
    print(page)
    wrong = shortcomings(outcomes, EQUIVALENT, equal, SURVIVORS)
    for one in wrong:
        print(one)
    return int(bool(wrong))


def sampled(count: int, seed: int, results: str) -> list[Mutant]:
    """A few of the mutants that are killed in a table that `everything` wrote.

    Seed 0 gives a choice that spreads over kinds and layers.
    """
    killed = killed_in(results) - {*EQUIVALENT, *SURVIVORS}
    mutants = [one for one in all_mutants() if one.name in killed]
    if not seed:
        return chosen(mutants, count)
    return in_order(random.Random(seed).sample(mutants, count))


def sample(count: int, seed: int, jobs: int, folder: Path) -> int:
    """Runs a sample of the mutants under the emitted tests."""
    results = (folder / "results.csv").read_text("utf-8")
    outcomes = under_emitted(sampled(count, seed, results), jobs)
    for one in outcomes:
        print(f"{one.mutant}: {one.emitted}")
    # Tests that cannot run at all would seem to kill everything.
    alive = unbroken_failures(jobs, "swish").get("swish", SURVIVED)
    print(f"swish, unbroken: {alive}")
    return int(alive != SURVIVED or any(one.survived for one in outcomes))


def equivalents(jobs: int) -> int:
    """Compares the mutants that are listed as equivalent, and one that is not."""
    mutants = all_mutants()
    listed = [one for one in mutants if one.name in EQUIVALENT]
    other = next(one for one in mutants if (one.layer, one.kind) == ("swish", "sign"))
    *found, control = differences([*listed, other], jobs)
    for mutant, difference in zip(listed, found, strict=True):
        print(f"{mutant}: {difference or 'equal'}")
    print(f"not equivalent, {other}: {control or 'equal'}")
    gone = {*EQUIVALENT} - {one.name for one in listed}
    for name in sorted(gone):
        print(f"{name}: there is no such mutant")
    return int(bool(gone) or control is None or any(found))


def differences(mutants: Sequence[Mutant], jobs: int) -> list[str | None]:
    """How each mutant differs from the unbroken layer, None where it does not."""
    return verdicts(run(observations(mutants), jobs, "comparisons"))
