"""Runs one of Keras' own test modules on stand-ins."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import keras
import pytest
from keras.src.testing import TestCase

from .drawn import DRAWN
from .stand_ins import put_in_place, stand_in
from .wording import WORDING

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
Outcomes = dict[str, tuple[str, str]]
"""What became of each test by name, and what it said if it failed."""


class Recorder:
    """A plugin that seeds each test and keeps what becomes of it."""

    def __init__(self) -> None:
        self.outcomes: Outcomes = {}

    def pytest_runtest_setup(self, item: Any) -> None:
        keras.utils.set_random_seed(0)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when != "call" and report.passed:
            return
        said = str(report.longrepr[2] if report.skipped else report.longrepr or "")
        lines = [line[1:].strip() for line in said.splitlines() if line[:2] == "E "]
        name = report.nodeid.rpartition("::")[2]
        self.outcomes[name] = report.outcome, " ".join(lines)[:600] or said[-600:]

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.outcomes["the module"] = FAILED, str(report.longrepr)[-600:]


def test_file(module: str) -> Path:
    """The file of a test module that Keras ships."""
    assert keras.__file__ is not None
    parts = f"src.layers.{module}".split(".")
    return Path(keras.__file__).parent.joinpath(*parts).with_suffix(".py")


def run_module(module: str, specs: Path, folder: Path) -> dict[str, Any]:
    """What becomes of the tests of a module on layers from specs."""
    for name in DRAWN[module]:
        put_in_place(name, stand_in(name, specs, folder))
    _speak_as_generated_layers()
    _provide_what_tests_import()
    recorder = Recorder()
    options = ["-q", "--noconftest", "-c", "/dev/null", "--rootdir", str(folder)]
    options += ["-p", "no:cacheprovider", "-p", "no:warnings", "--tb=short"]
    pytest.main([str(test_file(module)), *options], plugins=[recorder])
    return {"outcomes": recorder.outcomes}


def _speak_as_generated_layers() -> None:
    """Holds messages to the words that stand for Keras', and lists to equal tuples.

    Whether a layer without weights is built before it is called is not asked: Keras' own
    say so by a private method.
    """
    raises, equal = TestCase.assertRaisesRegex, TestCase.assertEqual
    layer_test = TestCase.run_layer_test

    def assert_raises(
        test: Any, error: Any, pattern: str, *args: Any, **kw: Any
    ) -> Any:
        if pattern in WORDING:
            wrapped = error is TypeError  # As `from_config` wraps what a layer raises.
            error = (ValueError, TypeError) if wrapped else ValueError
            pattern = WORDING[pattern]
        return raises(test, error, pattern, *args, **kw)

    def assert_equal(test: Any, one: Any, other: Any, msg: Any = None) -> None:
        equal(test, _as_tuples(one), _as_tuples(other), msg)

    def run_layer_test(test: Any, *args: Any, **kw: Any) -> None:
        kw.pop("assert_built_after_instantiation", None)
        layer_test(test, *args, **kw)

    TestCase.assertRaisesRegex = assert_raises
    TestCase.assertEqual = assert_equal
    TestCase.run_layer_test = run_layer_test


def _as_tuples(value: Any) -> Any:
    """The same with tuples for lists, which is what specs have."""
    if type(value) is dict:
        return {name: _as_tuples(one) for name, one in value.items()}
    return tuple(map(_as_tuples, value)) if isinstance(value, list | tuple) else value


def _provide_what_tests_import() -> None:
    """What two of the modules import and the wheel lacks."""
    conftest = types.ModuleType("conftest")
    conftest.skip_if_backend = lambda name, reason: pytest.mark.skipif(
        keras.backend.backend() == name, reason=reason
    )
    sys.modules["conftest"] = conftest
    sys.modules.setdefault("grain", types.ModuleType("grain"))
