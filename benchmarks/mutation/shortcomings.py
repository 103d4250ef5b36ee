"""What a full run must not show: too few killed, too many excused, none unexplained."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .run import Outcome

LEAST_KILLED, MOST_EQUIVALENT = 0.97, 0.05


def shortcomings(
    outcomes: Sequence[Outcome],
    listed: Collection[str],
    equal: Collection[str],
    explained: Collection[str],
) -> list[str]:
    """What is wrong with a run, a line each.

    Args:
        outcomes: What became of every mutant.
        listed: The mutants that are listed as equivalent.
        equal: Those of them that are shown equal.
        explained: The mutants for whose survival a reason is given.
    """
    names = [one.mutant.name for one in outcomes if one.survived]
    found = [
        f"{name}: listed as equivalent, and not equal"
        for name in (one.mutant.name for one in outcomes)
        if name in listed and name not in equal
    ]
    found += [
        f"{name}: survives, and no reason is given"
        for name in names
        if name not in listed and name not in explained
    ]
    excused = sum(name in equal for name in names)
    dead, counted = len(outcomes) - len(names), len(outcomes) - excused
    if dead < LEAST_KILLED * counted or not counted:
        found.append(f"{dead} of {counted} killed are under {LEAST_KILLED:.0%}")
    if excused > MOST_EQUIVALENT * len(outcomes):
        found.append(
            f"{excused} of {len(outcomes)} equivalent are over {MOST_EQUIVALENT:.0%}"
        )
    return found
