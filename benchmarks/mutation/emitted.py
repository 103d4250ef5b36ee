"""The emitted tests of a layer, run by pytest on a module in the layer's place."""

from __future__ import annotations

import os
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from .forks import Task
from .gallery import test_file
from .mutate import Mutant
from .warm import spare

QUIET = [
    "-q",
    "-x",
    "--tb=line",
    "--assert=plain",
    "-W",
    "ignore",
    "-p",
    "no:cacheprovider",
]
SLOW = ("device", "fit", "fresh", "replica", "served", "xla")


class FirstFailure:
    """Runs quick tests first, and notes what was collected and what fails first."""

    def __init__(self) -> None:
        self.collected: list[str] = []
        self.failed: str | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.collected = [one.nodeid for one in items]
        items.sort(key=lambda one: any(word in one.name.lower() for word in SLOW))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = self.failed or "import"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid.split("::", 1)[1]


def run_emitted(layer: str, text: str, folder: Path) -> dict[str, Any]:
    """Runs all emitted tests of a layer on a module's text until one fails.

    Returns the name of the test that failed, None if none did, and how many there are.
    """
    put_in_place(layer, text, folder)
    spare()
    seen = FirstFailure()
    tests = str(folder / f"test_{layer}.py")
    code = pytest.main(
        [*QUIET, "-c", os.devnull, "--rootdir", str(folder), tests], [seen]
    )
    if (code == 0) is (seen.failed is not None) or code not in (0, 1, 2):
        raise RuntimeError(f"pytest ended with {code!r}, {seen.failed}")
    return {"failed": seen.failed, "tests": len(seen.collected)}


def put_in_place(layer: str, text: str, folder: Path) -> None:
    """Writes a module and its tests into a folder, and imports from there."""
    (folder / f"{layer}.py").write_text(text, "utf-8")
    shutil.copy(test_file(layer), folder)
    os.chdir(folder)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path.insert(0, str(folder))


def emitted_task(mutant: Mutant) -> Task:
    """The task that runs the emitted tests on a mutant."""
    return partial(run_emitted, mutant.layer, mutant.text)
