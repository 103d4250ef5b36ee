"""Runs tasks in forks of this process, which has imported TensorFlow but not used it.

A fork starts in milliseconds what a new process imports for seconds, and nothing that a
task registers, compiles or breaks reaches the next one. TensorFlow's threads begin with
its first operation: this process must not run any.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

Task = Callable[[Path], dict[str, Any]]
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Answer:
    """What became of a task: its answer, or the way in which it ended without one."""

    index: int
    said: dict[str, Any] | None
    log: str
    timed_out: bool = False


@dataclass
class Running:
    """A task that runs in a fork, in a folder of its own."""

    index: int
    folder: tempfile.TemporaryDirectory[str]
    process: Any
    deadline: float

    @property
    def over(self) -> bool:
        return not self.process.is_alive() or time.monotonic() > self.deadline

    def finish(self) -> Answer:
        """Ends the fork, reads what it has left behind, and removes the folder."""
        timed_out = self.process.is_alive()
        self.process.kill()
        self.process.join()
        folder = Path(self.folder.name)
        answer, log = folder / "answer.json", folder / "log"
        said = json.loads(answer.read_text("utf-8")) if answer.exists() else None
        text = log.read_text("utf-8", "replace") if log.exists() else ""
        self.folder.cleanup()
        return Answer(self.index, said, text[-4000:], timed_out)


def run_in_forks(tasks: Sequence[Task], jobs: int, seconds: float) -> Iterator[Answer]:
    """Runs tasks, so many at a time, and yields their answers as they come.

    A task that takes longer than the seconds given is ended.
    """
    gc.collect()
    gc.freeze()  # A fork's collector would touch, and so copy, all that was imported.
    waiting = list(enumerate(tasks))[::-1]
    running: list[Running] = []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(started(*waiting.pop(), seconds))
        wait([one.process.sentinel for one in running], timeout=1)
        for one in [one for one in running if one.over]:
            running.remove(one)
            yield one.finish()


def started(index: int, task: Task, seconds: float) -> Running:
    folder = tempfile.TemporaryDirectory(prefix="mutant-", ignore_cleanup_errors=True)
    process = FORK.Process(target=run_task, args=(task, Path(folder.name)))
    process.start()
    return Running(index, folder, process, time.monotonic() + seconds)


def run_task(task: Task, folder: Path) -> None:
    """Runs a task in this fork; what it prints goes to a file."""
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        partial = folder / "answer.part"
        partial.write_text(json.dumps(task(folder)), "utf-8")
        partial.rename(folder / "answer.json")
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    os._exit(0)  # Nothing of the mutant may hold up the end.
