"""`layergen new`."""

import json

import pytest
import yaml

from layergen import gallery
from layergen.commands import ask

LOCK = "layergen.lock"
THREE = ["swish_dense.py", "swish_dense.yaml", "test_swish_dense.py"]
GATE = (
    "--arg=units: int",
    "--input=..., features",
    "--output=..., units",
    "--weight=kernel: [features, units]",
    "--activation=swish",
    "--forward=x @ kernel",
)


def files(folder):
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_gallery_layer(layergen, here):
    result = layergen("new", "swish_dense")
    assert result.exit_code == 0
    assert list(files(here)) == [LOCK, *THREE]
    assert files(here)["swish_dense.yaml"] == gallery.text("swish_dense")
    assert "pytest test_swish_dense.py" in result.stdout
    assert "layergen generate swish_dense.yaml" in result.stdout


def test_class_name_will_do(layergen, here):
    assert layergen("new", "SwishDense").exit_code == 0
    assert list(files(here)) == [LOCK, *THREE]


def test_out(layergen, here):
    result = layergen("new", "swish_dense", "--out", "a b/c")
    assert list(files(here / "a b" / "c")) == THREE
    assert "pytest 'a b/c/test_swish_dense.py'" in result.stdout


def test_what_it_writes_generate_finds_up_to_date(layergen, here):
    layergen("new", "gate", *GATE)
    assert layergen("generate", "--check").exit_code == 0


def test_like(layergen, here):
    assert layergen("new", "my_dense", "--like", "swish_dense").exit_code == 0
    text = gallery.text("swish_dense").replace("layer: SwishDense", "layer: MyDense")
    assert files(here)["my_dense.yaml"] == text
    assert "class MyDense(" in files(here)["my_dense.py"]


def test_like_keeps_the_class_name_given(layergen, here):
    layergen("new", "MYDense", "--like", "SwishDense")
    assert "class MYDense(" in files(here)["my_dense.py"]


def test_flags(layergen, here):
    assert layergen("new", "gate", "--doc", "A gate: open.", *GATE).exit_code == 0
    assert yaml.safe_load(files(here)["gate.yaml"]) == {
        "layer": "Gate",
        "doc": "A gate: open.",
        "args": {"units": "int"},
        "inputs": ["...", "features"],
        "outputs": ["...", "units"],
        "weights": {"kernel": ["features", "units"]},
        "activation": "swish",
        "forward": "x @ kernel",
    }


def test_flags_win_over_the_gallery(layergen, here):
    layergen("new", "swish_dense", "--input", "batch, n", "--doc", "Mine.")
    assert "Mine." in files(here)["swish_dense.yaml"]


@pytest.mark.parametrize("how", [[], ["--like", "swish_dense"], GATE])
def test_style_is_written_into_the_spec(layergen, here, how):
    result = layergen("new", "swish_dense", *how, "--style", "class")
    assert result.exit_code == 0
    assert yaml.safe_load(files(here)["swish_dense.yaml"])["style"] == "class"


def test_finished_spec(layergen, here):
    spec = gallery.text("swish_dense")
    (here / "draft.txt").write_text(spec)
    assert layergen("new", "one", "--spec", "draft.txt").exit_code == 0
    other = spec.replace("SwishDense", "SwishDenser")
    crlf = other.replace("\n", "\r\n").encode()
    assert layergen("new", "two", "--spec", "-", stdin=crlf).exit_code == 0
    there = files(here)
    assert (there["one.yaml"], there["two.yaml"]) == (spec, other)
    assert (here / "two.yaml").read_bytes() == other.encode()


def test_json(layergen, here):
    result = layergen("new", "swish_dense", "--json")
    report = json.loads(result.stdout)
    assert sorted(f["path"] for f in report["files"]) == THREE
    assert {f["status"] for f in report["files"]} == {"created"}


def test_quiet(layergen, here):
    result = layergen("new", "swish_dense", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert list(files(here)) == [LOCK, *THREE]


def test_again_changes_nothing(layergen, here):
    layergen("new", "swish_dense")
    assert layergen("new", "swish_dense").exit_code == 0


@pytest.mark.parametrize("name", THREE)
def test_a_file_that_differs_stops_all(layergen, here, name):
    (here / name).write_text("# mine\n")
    result = layergen("new", "swish_dense")
    assert result.exit_code == 1
    assert name in result.stderr and "--overwrite" in result.stderr
    assert files(here) == {name: "# mine\n"}
    assert layergen("new", "swish_dense", "--overwrite").exit_code == 0
    assert list(files(here)) == [LOCK, *THREE]
    assert files(here)[name] != "# mine\n"


def test_unknown_name_off_a_terminal(layergen, here):
    result = layergen("new", "swish_dens")
    assert result.exit_code == 2
    assert "did you mean `swish_dense`?" in result.stderr
    assert files(here) == {}


@pytest.mark.parametrize(
    "args",
    [
        ["a/b"],
        ["../a"],
        ["class"],
        ["keras"],
        ["2d"],
        ["gate", "--like", "nothing"],
        ["gate", "--spec", "missing.yaml"],
        ["gate", "--spec", "."],
        ["gate", "--spec", "-"],
        ["gate", "--like", "swish_dense", "--spec", "-"],
        ["gate", "--like", "swish_dense", "--doc", "x"],
        ["gate", "--style", "fancy"],
        ["gate", "--arg", "units"],
        ["gate", "--weight", "kernel: [features"],
        ["gate", "--forward", "x +"],
        ["gate", "--forward", "nobody"],
        ["a" * 300, "--doc", "x"],
        ["gate", "--spec", "a" * 300],
        ["gate", "--doc", "a\udcffb"],
        ["gate", "--input", "a\udcffb"],
    ],
)
def test_bad_input_writes_nothing(layergen, here, args):
    result = layergen("new", *args)
    assert result.exit_code == 2
    assert result.stderr and not result.stdout
    assert files(here) == {}


def test_spec_that_is_no_text(layergen, here):
    for text in (
        b"\xff",
        b"layer: \xff",
        "layer: A".encode("utf-16"),
        b"\0",
        b"{" * 999,
    ):
        result = layergen("new", "gate", "--spec", "-", stdin=text)
        assert (result.exit_code, files(here)) == (2, {})


def test_spec_with_half_a_character(layergen, here):
    text = gallery.text("swish_dense").replace("doc: F", r'doc: "\ud800" # ')
    result = layergen("new", "gate", "--spec", "-", stdin=text)
    assert (result.exit_code, files(here)) == (2, {})


def test_problems_have_their_place(layergen, here):
    result = layergen("new", "gate", "--spec", "-", stdin="layer: Gate\nlayr: 3\n")
    assert result.exit_code == 2
    assert "<stdin>:2:1: LG" in result.stderr


@pytest.mark.parametrize("target", ["out", "out/deep"])
def test_out_is_a_file(layergen, here, target):
    (here / "out").touch()
    result = layergen("new", "swish_dense", "--out", target)
    assert result.exit_code == 2
    assert result.stderr == "Error: out is a file; a folder is to be there.\n"


def test_target_is_a_folder(layergen, here):
    (here / "swish_dense.py").mkdir()
    result = layergen("new", "swish_dense")
    assert result.exit_code == 2
    assert [path.name for path in here.iterdir()] == ["swish_dense.py"]


def test_link_out_of_the_folder(layergen, here, tmp_path):
    (tmp_path / "victim").write_text("mine")
    (here / "swish_dense.py").symlink_to(tmp_path / "victim")
    result = layergen("new", "swish_dense", "--overwrite")
    assert result.exit_code == 2
    assert (tmp_path / "victim").read_text() == "mine"


def test_asks_on_a_terminal(layergen, here, monkeypatch):
    monkeypatch.setattr(ask, "is_terminal", lambda: True)
    result = layergen("new", "gate", stdin="A gate.\n\n\n\n\n\nswish\n")
    assert result.exit_code == 0, result.output
    assert yaml.safe_load(files(here)["gate.yaml"]) == {
        "layer": "Gate",
        "doc": "A gate.",
        "args": {"units": "int"},
        "inputs": ["...", "features"],
        "outputs": ["...", "units"],
        "weights": {
            "kernel": ["features", "units"],
            "bias": {"shape": ["units"], "initializer": "zeros"},
        },
        "activation": "swish",
        "forward": "x @ kernel + bias",
    }


def test_answers_other_than_the_defaults(layergen, here, monkeypatch):
    monkeypatch.setattr(ask, "is_terminal", lambda: True)
    answers = ["-", "-", "a: batch, n; b: batch, n", "-", "a + b", "batch, n", "-"]
    result = layergen("new", "plus", stdin="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert yaml.safe_load(files(here)["plus.yaml"]) == {
        "layer": "Plus",
        "inputs": {"a": ["batch", "n"], "b": ["batch", "n"]},
        "outputs": ["batch", "n"],
        "forward": "a + b",
    }


def test_end_of_input_at_a_question(layergen, here, monkeypatch):
    monkeypatch.setattr(ask, "is_terminal", lambda: True)
    result = layergen("new", "gate", stdin="A gate.\n")
    assert result.exit_code == 1
    assert files(here) == {}
