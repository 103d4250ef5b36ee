"""`layergen verify`: any layer held to the contract from the command line."""

import json
import sys

import pytest

LAYERS = """
import keras
from keras import ops


@keras.saving.register_keras_serializable(package="{name}")
class Scale(keras.layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return self.factor * x

    def get_config(self):
        return {{**super().get_config(), "factor": self.factor}}


class Forgets(keras.layers.Layer):
    def __init__(self, factor=2.0):
        super().__init__()
        self.factor = factor

    def call(self, x):
        return self.factor * x


class Crashes(keras.layers.Layer):
    def __init__(self):
        raise RuntimeError("boom")

    def call(self, x):
        return x


class Wide(keras.layers.Layer):
    def call(self, first, second):
        return ops.concatenate([first, second], -1) + ops.zeros(8)


class NoLayer:
    pass
"""

PASSED = {"check": "can_be_called", "outcome": "passed", "message": "", "device": ""}


@pytest.fixture
def module(here, monkeypatch, request):
    """The name of a module with layers, in the current folder."""
    name = f"hand_written_{abs(hash(request.node.name))}"
    (here / f"{name}.py").write_text(LAYERS.format(name=name))
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield name
    sys.modules.pop(name, None)


def test_a_right_layer_passes(layergen, module):
    result = layergen(
        "verify",
        f"{module}:Scale",
        "--only",
        "config",
        "--only",
        "rows_are_independent",
    )
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "Scale(); x (3, 8)"
    assert (
        "  shapes      rows_are_independent                           passed" in lines
    )
    assert "config_has_every_argument" in result.stdout
    assert "saving" not in result.stdout
    assert " passed, 0 failed, " in lines[-2]


def test_a_broken_layer_is_told_what_is_wrong(layergen, module):
    result = layergen("verify", f"{module}.py:Forgets", "--only", "config")
    assert result.exit_code == 1
    assert (
        "  config      config_survives_json                           FAILED"
        in result.stdout
    )
    assert "config_survives_json: Forgets: " in result.stderr
    assert "unexpected keyword argument 'trainable'" in result.stderr


def test_quiet_tells_the_failures_alone(layergen, module):
    result = layergen("verify", f"{module}:Forgets", "--only", "config", "-q")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "config_survives_json: Forgets: " in result.stderr


def test_skipped_checks_are_not_run(layergen, module):
    result = layergen(
        "verify",
        f"{module}:Scale",
        "--only",
        "shapes",
        "--skip",
        "rows_are_independent",
    )
    assert result.exit_code == 0
    assert "can_be_called" in result.stdout
    assert "rows_are_independent" not in result.stdout


def test_json(layergen, module):
    result = layergen(
        *("verify", f"{module}:Scale", "--args", "{factor: 3}", "--input", "4, 5"),
        *("--only", "can_be_called", "--json"),
    )
    assert json.loads(result.stdout) == [
        {
            "layer": "Scale",
            "args": {"factor": "3"},
            "inputs": "x (4, 5)",
            "training": None,
            "losses": 0,
            "states": {},
            "checks": [PASSED],
        }
    ]


def test_inputs_by_name_and_in_order(layergen, module):
    result = layergen(
        *("verify", f"{module}:Wide", "--only", "can_be_called"),
        *("--input", "second: 2, 5", "--input", "2, 3"),
    )
    assert result.stdout.startswith("Wide(); first (2, 3), second (2, 5)\n")
    result = layergen(
        *("verify", "keras.layers:Add", "--only", "can_be_called"),
        *("--input", "2, 3", "--input", "2, 3"),
    )
    assert result.stdout.startswith("Add(); inputs [(2, 3), (2, 3)]\n")


def test_a_layer_that_crashes_fails_one_check(layergen, module):
    result = layergen("verify", f"{module}:Crashes", "--only", "saving")
    assert result.exit_code == 1
    assert "0 passed, 1 failed, 0 not applicable" in result.stdout
    assert (
        "can_be_called: Crashes: constructing Crashes() raised RuntimeError: boom"
        in (result.stderr)
    )


def test_a_spec_runs_through_the_cases_of_its_test(layergen, here):
    layergen("new", "double")
    result = layergen("verify", "double.yaml", "--only", "shapes")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Double(")
    assert {one.name for one in here.iterdir()} >= {"double.yaml"}


def test_a_spec_beside_it_is_rendered_too(layergen, here):
    (here / "outer_one.yaml").write_text(
        "layer: OuterOne\ndoc: Holds another.\ninputs: [..., features]\n"
        "outputs: [..., features]\nlayers:\n  inner: InnerOne()\nforward: inner(x)\n"
    )
    (here / "inner_one.yaml").write_text(
        "layer: InnerOne\ndoc: Doubles.\ninputs: [...]\noutputs: [...]\nforward: 2 * x\n"
    )
    result = layergen("verify", "outer_one.yaml", "--only", "can_be_called")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["json"], "neither a spec (.yaml) nor a layer"),
        (["nowhere_at_all:Layer"], "cannot import nowhere_at_all: ModuleNotFoundError"),
        (["missing.py:Layer"], "there is no file missing.py"),
        (["{module}:Scal"], "has no 'Scal' (nearest: Scale"),
        (["{module}:NoLayer"], "is no Keras layer class"),
        (["{module}:keras"], "is no Keras layer class"),
        (["{module}:Scale", "--args", "[1]"], "--args must be a mapping"),
        (["{module}:Scale", "--args", "{"], "--args is not valid YAML"),
        (["{module}:Scale", "--input", "two"], "is no input: write sizes, batch first"),
        (["{module}:Scale", "--input", "2 int33"], "there is no dtype 'int33'"),
        (
            ["{module}:Wide", *["--input", "2, 3"] * 3],
            "more inputs than the layer takes",
        ),
        (["{module}:Wide", *["--input", "first: 2"] * 2], "names 'first' twice"),
        (["{module}:Scale", "--only", "savin"], "no check 'savin' (nearest: saving"),
        (["{module}:Wide"], "no input that was tried is accepted"),
        (["nowhere.yaml"], "cannot read nowhere.yaml"),
        (["nowhere.yaml", "--input", "2"], "a spec has its own cases"),
    ],
)
def test_bad_input_is_one_clear_error(layergen, module, arguments, said):
    result = layergen("verify", *(one.replace("{module}", module) for one in arguments))
    assert result.exit_code == 2, result.output
    assert said in result.stderr


def test_errors_of_a_spec_are_told(layergen, here):
    (here / "bad.yaml").write_text("layer: Bad\nforwrd: x\n")
    result = layergen("verify", "bad.yaml")
    assert result.exit_code == 2
    assert "bad.yaml:2:1: LG" in result.stderr
