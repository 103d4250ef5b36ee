"""Holds mutants to the emitted tests and to `run_layer_test`, side by side."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from .emitted import emitted_task, run_emitted
from .forks import Answer, Task, run_in_forks
from .gallery import module_files
from .keras_own import own_task, run_expected
from .mutate import Mutant

SECONDS = 300.0
SURVIVED, NOT_RUN = "survived", "not run"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant under the emitted tests, and under `run_layer_test`.

    Each is `SURVIVED`, `NOT_RUN`, "crashed", "timed out", or what failed first.
    """

    mutant: Mutant
    emitted: str = NOT_RUN
    own: str = NOT_RUN

    @property
    def survived(self) -> bool:
        return self.emitted == SURVIVED


def judged(answer: Answer) -> str:
    """What an answer says of a mutant."""
    if answer.timed_out:
        return "timed out"
    if answer.said is None:
        return "crashed"
    return answer.said["failed"] or SURVIVED


def run(tasks: Sequence[Task], jobs: int, what: str) -> list[Answer]:
    """Runs tasks and shows how far they are."""
    answers = []
    for done, answer in enumerate(run_in_forks(tasks, jobs, SECONDS), 1):
        answers.append(answer)
        print(f"\r{what}: {done} of {len(tasks)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return sorted(answers, key=lambda one: one.index)


def unbroken_failures(jobs: int, *names: str) -> dict[str, str]:
    """The layers that fail their own emitted tests before anything is broken.

    All are tried, or those of the names given.
    """
    layers = {k: v for k, v in module_files().items() if not names or k in names}
    tasks = [
        partial(run_emitted, name, file.read_text("utf-8"))
        for name, file in layers.items()
    ]
    answers = run(tasks, jobs, "unbroken layers, emitted tests")
    said = {name: judged(one) for name, one in zip(layers, answers, strict=True)}
    return {name: one for name, one in said.items() if one != SURVIVED}


def under_emitted(mutants: Sequence[Mutant], jobs: int) -> list[Outcome]:
    """The mutants under the emitted tests."""
    answers = run([emitted_task(one) for one in mutants], jobs, "emitted tests")
    return [
        Outcome(mutant, judged(answer))
        for mutant, answer in zip(mutants, answers, strict=True)
    ]


def own_expectations(jobs: int) -> dict[str, dict[str, Any]]:
    """What `run_layer_test` is to expect of each layer, or why it cannot test it."""
    layers = module_files()
    tasks = [
        partial(run_expected, name, file.read_text("utf-8"))
        for name, file in layers.items()
    ]
    answers = run(tasks, jobs, "unbroken layers, run_layer_test")
    found = {
        name: answer.said or {"reason": "it ends the process"}
        for name, answer in zip(layers, answers, strict=True)
    }
    # What fails on an unbroken layer, in just this way, says nothing of its mutants.
    fit = [name for name, one in found.items() if "expected" in one]
    again = [
        own_task(name, layers[name].read_text("utf-8"), found[name]["expected"])
        for name in fit
    ]
    answers = run(again, jobs, "unbroken layers, run_layer_test again")
    for name, answer in zip(fit, answers, strict=True):
        if judged(answer) != SURVIVED:
            found[name] = {"reason": f"unbroken, it fails: {judged(answer)}"}
    return found


def under_own(
    outcomes: Sequence[Outcome], expected: dict[str, dict[str, Any]], jobs: int
) -> list[Outcome]:
    """The same outcomes with those of `run_layer_test`, where it can test the layer."""
    places = [
        number
        for number, one in enumerate(outcomes)
        if "expected" in expected[one.mutant.layer] and not one.mutant.in_builder
    ]
    mutants = [outcomes[number].mutant for number in places]
    tasks = [
        own_task(one.layer, one.text, expected[one.layer]["expected"])
        for one in mutants
    ]
    found = list(outcomes)
    for number, answer in zip(places, run(tasks, jobs, "run_layer_test"), strict=True):
        found[number] = replace(found[number], own=judged(answer))
    return found
