"""Notes how many tests have run in the file that LAYERGEN_COUNT names, one run a line."""

import os

import pytest


class Counted:
    def __init__(self, file: str) -> None:
        self.file, self.ran = file, 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call" and not report.skipped

    def pytest_sessionfinish(self) -> None:
        with open(self.file, "a", encoding="utf-8") as file:
            print(self.ran, file=file)


def pytest_configure(config: pytest.Config) -> None:
    """The run counts; a worker of pytest-xdist, whose reports it gets, does not."""
    file = os.environ.get("LAYERGEN_COUNT")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Counted(file))
