"""Checks that train do so on every device, and the run says on which."""

import subprocess
import sys
from types import SimpleNamespace

import keras
import pytest

from layergen.pytest_plugin import pytest_runtest_setup
from layergen.testing import (
    CHECKS,
    LayerCase,
    check_layer,
    parametrize_checks,
    runner,
)
from layergen.testing.backend import backend
from layergen.testing.runner import Report, Result, _Run, result_of

CASE = LayerCase(keras.layers.Dense, {"units": 3}, {"x": (2, 3)})
FEW = ("can_be_called", "fit_lowers_the_loss")
TRAINING = {"fit_lowers_the_loss", "fit_with_xla_lowers_the_loss"}


@pytest.fixture
def two_devices(monkeypatch):
    """A machine with a GPU, as far as the runner can tell."""
    monkeypatch.setattr(backend, "devices", lambda: ["cpu:0", "gpu:0"])


def test_one_test_for_every_device(two_devices):
    mark = parametrize_checks([CASE])
    ids = [one.id for one in mark.args[1]]
    for name in TRAINING:
        assert f"dense0-{name}-cpu:0" in ids
        assert f"dense0-{name}-gpu:0" in ids
    assert {name for name, check in CHECKS.items() if check.trains} == TRAINING
    assert len(ids) == len(set(ids))


def test_a_check_runs_on_its_device(monkeypatch):
    seen = []
    monkeypatch.setattr(keras, "device", lambda name: seen.append(name) or _Place())
    assert result_of(CHECKS["rows_are_independent"], CASE).device == ""
    assert seen == []
    assert result_of(CHECKS["fit_lowers_the_loss"], CASE, "cpu:0").device == "cpu:0"
    assert seen == ["cpu:0"]


class _Place:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def test_a_report_has_a_result_for_every_device(monkeypatch):
    monkeypatch.setattr(backend, "devices", lambda: ["cpu:0", "cpu:0"])
    monkeypatch.setattr(runner, "CHECKS", {name: CHECKS[name] for name in FEW})
    results = check_layer(CASE).results
    assert [one.check for one in results] == [
        *("can_be_called", "fit_lowers_the_loss", "fit_lowers_the_loss")
    ]


def test_a_report_says_where_a_check_fails():
    results = (
        Result("fit_lowers_the_loss", "failed", "why", "gpu:0"),
        Result("rows_are_independent", "failed", "how"),
    )
    assert str(Report(CASE, results)).splitlines()[1:] == [
        "- fit_lowers_the_loss on gpu:0: why",
        "- rows_are_independent: how",
    ]


class _Claims:
    """Some other project's argument named `check`."""

    device = "tpu:9"


@pytest.mark.parametrize(
    ("check", "noted"),
    [(_Claims(), []), (_Run(CHECKS["fit_lowers_the_loss"], "cpu:0"), ["cpu:0"])],
)
def test_only_our_own_checks_are_noted(check, noted):
    item = SimpleNamespace(
        callspec=SimpleNamespace(params={"check": check}), user_properties=[]
    )
    pytest_runtest_setup(item)
    assert [place.split()[0] for _, place in item.user_properties] == noted


TEST = """\
import keras
from layergen.testing import LayerCase, parametrize_checks

CASES = [LayerCase(keras.layers.Dense, {"units": 3}, {"x": (2, 3)})]


@parametrize_checks(CASES)
def test_contract(case, check):
    check(case)
"""


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_run_says_where_layers_were_trained(tmp_path, workers):
    (tmp_path / "test_dense.py").write_text(TEST)
    run = [sys.executable, "-m", "pytest", "-n", workers, "-k", "fit_lowers"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    said = f"layergen: trained on cpu:0 ({keras.backend.backend()})"
    assert said in done.stdout
