"""Runs test modules, each in a process of its own, several at a time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from mutation.forks import run_in_forks

from .run import FAILED, run_module
from .table import Row

SECONDS = 1800.0


def rows_of(modules: Sequence[str], specs: Path, jobs: int) -> list[Row]:
    """What becomes of the tests of modules, in their order."""
    tasks = [partial(run_module, module, specs) for module in modules]
    found: dict[int, Row] = {}
    for answer in run_in_forks(tasks, jobs, SECONDS):
        module = modules[answer.index]
        outcomes = {"the module": (FAILED, answer.log[-600:])}
        if answer.said is not None:
            outcomes = {
                n: (o, said) for n, (o, said) in answer.said["outcomes"].items()
            }
        row = found[answer.index] = Row(module, outcomes)
        applies = row.run - len(row.away)
        print(f"{module}: {row.passed} of {applies} pass", flush=True)
    return [found[index] for index in range(len(modules))]
