"""Reading good specs: every fact arrives in the model."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from layergen.language.model import Maker, Spec
from layergen.loading import read_spec
from layergen.problems import Place
from layergen.source.code import Code

FULL = (Path(__file__).parent / "full" / "values.yaml").read_text("utf-8")
HEAD = "layer: A\ninputs: [batch, d]\nforward: x\n"


def read(text: str) -> Spec:
    reading = read_spec(text, "spec.yaml")
    assert not [one for one in reading.problems if not one.is_warning]
    assert reading.spec is not None
    return reading.spec


def test_everything_at_once() -> None:
    reading = read_spec(FULL, "values.yaml")
    assert not reading.problems
    spec = reading.spec
    assert spec is not None
    assert (spec.layer, spec.stem, spec.style) == ("Big", "big", "class")
    assert spec.doc == "Summary.\n\nMore."
    assert [str(arg.type) for arg in spec.args][:4] == [
        "int",
        "int",
        "float",
        'Literal["mean", "max"]',
    ]
    assert spec.args[1].default == 8 and spec.args[1].min == 1
    assert [str(tensor.shape) for tensor in spec.inputs] == [
        "[batch, ...space, d]",
        "[batch, q]",
    ]
    assert spec.inputs[1].below == "units"
    assert spec.outputs and [output.name for output in spec.outputs] == ["a", "b"]
    kernel, bias = spec.weights
    assert kernel.initializer and kernel.initializer.kind == "call"
    assert not kernel.expose
    assert bias.initializer == Maker("argument", "init")
    assert bias.regularizer == Maker("identifier", "l2")
    assert bias.constraint == Maker("none")
    assert bias.trainable == "use_bias"
    assert (spec.activation, spec.mask) == ("relu", "pass")
    assert [one.message for one in spec.require][1] == "d is large"
    example = dict(spec.example)
    assert example["hidden"] == [1, 2]
    assert isinstance(example["inner"], Code)


def test_places_in_blocks() -> None:
    spec = read(HEAD.replace("x\n", "|\n\n    # A comment.\n    y = x\n    return y\n"))
    first, last = spec.forward.body
    assert spec.forward.place(first) == Place(6, 5)
    assert spec.forward.place(last) == Place(7, 5)


# spec: yaml-scalars
def test_scalars_of_yaml_1_2() -> None:
    spec = read(
        HEAD + "args:\n"
        "  a: {type: float, default: 1e-3}\n"
        "  b: {type: str, default: on}\n"
        "  c: {type: int, default: 012}\n"
        "  d_: {type: int, default: 0o14}\n"
        "  e: {type: float, default: -.inf}\n"
        "  f: {type: str, default: yes}\n"
        "  g: {type: str, default: 1_000}\n"
        "  h: {type: int, default: 0x1f}\n"
        "  i: {type: str, default: 12:30}\n"
        "  j: {type: bool, default: true}\n"
        "  k: {type: str, default: '1'}\n"
    )
    values = [arg.default for arg in spec.args]
    assert values == [
        *(0.001, "on", 12, 12, -math.inf, "yes", "1_000", 31, "12:30", True, "1")
    ]


def test_defaults_of_infinity() -> None:
    text = HEAD + 'args: {a: float = inf, b: "float = -math.inf", c: float = nan}\n'
    a, b, c = (arg.default for arg in read(text).args)
    assert (a, b) == (math.inf, -math.inf)
    assert isinstance(c, float) and math.isnan(c)


def test_shapes_become_tuples() -> None:
    text = HEAD + "args: {a: {type: Shape, default: [1, 2]}, b: 'Shape = (3,)'}\n"
    assert [arg.default for arg in read(text).args] == [(1, 2), (3,)]


# spec: inputs-long
def test_one_input_in_long_form() -> None:
    text = "layer: A\ninputs: {shape: [batch, d], dtype: int32}\nforward: x\n"
    [tensor] = read(text).inputs
    assert (tensor.name, tensor.dtype) == ("x", "int32")


def test_line_endings_and_byte_order_mark() -> None:
    reading = read_spec(("\ufeff" + HEAD).replace("\n", "\r\n"), "f.yaml")
    assert not reading.problems
    assert reading.spec and reading.spec.forward.text == "x"


# spec: spec-module
@pytest.mark.parametrize(
    ("stem", "fits"),
    [("fine", True), ("class", False), ("a-b", False), ("json", False), ("1a", False)],
)
def test_stems(stem: str, fits: bool) -> None:
    codes = [problem.code for problem in read_spec(HEAD, "f.yaml", stem).problems]
    assert codes == ([] if fits else ["LG206"])


# spec: spec-data
def test_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = HEAD.replace(": x\n", ": open('made', 'w')\n")
    text += "imports: import made\nderived: {a: open('made', 'w')}\n"
    text += "args: {b: int = open('made', 'w')}\nrequire: {open('made', 'w'): no}\n"
    assert read_spec(text, "f.yaml").problems
    assert not list(tmp_path.iterdir())


def test_reading_imports_no_keras() -> None:
    code = "import sys, layergen.loading, layergen.codes; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert not loaded & {"keras", "tensorflow", "numpy", "jinja2", "black"}
