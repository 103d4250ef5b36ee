"""`lint`, `explain`, `list`, `show`, `schema` and the help of every command."""

import json

import pytest
from msgspec.structs import replace

from layergen import gallery
from layergen.cli import cli
from layergen.codes import LAYER_CODES

GOOD = gallery.text("swish_dense")


def test_lint(layergen, here):
    (here / "good.yaml").write_text(GOOD)
    (here / "bad.yaml").write_text("layer: Bad\nforwrd: x\n")
    assert layergen("lint", "good.yaml").exit_code == 0
    result = layergen("lint", "good.yaml", "bad.yaml", "missing.yaml")
    assert result.exit_code == 2
    assert "bad.yaml:2:1: LG" in result.stdout
    assert "cannot read missing.yaml" in result.stderr


def test_lint_json(layergen, here):
    (here / "bad.yaml").write_text("layer: Bad\nforwrd: x\n")
    result = layergen("lint", "--json", "bad.yaml")
    first = json.loads(result.stdout)[0]
    assert result.exit_code == 2
    assert {"file", "line", "column", "code", "message", "hint", "severity"} == set(
        first
    )


def test_lint_of_layers(layergen, here):
    (here / "good.py").write_text(LAYER_CODES["LG711"].good)
    (here / "bad.py").write_text(LAYER_CODES["LG711"].bad)
    assert layergen("lint", "good.py").stdout == "good.py: no problems.\n"
    result = layergen("lint", "good.py", "bad.py")
    assert (result.exit_code, result.stdout.count(": LG711 ")) == (1, 1)
    assert layergen("lint", "bad.py", "bad.py").stdout == result.stdout
    [data] = json.loads(layergen("lint", "--json", "bad.py").stdout)
    assert (data["file"], data["code"], data["severity"]) == (
        "bad.py",
        "LG711",
        "error",
    )


def test_lint_of_layers_and_specs(layergen, here):
    (here / "good.yaml").write_text(GOOD)
    (here / "bad.yaml").write_text("layer: Bad\nforwrd: x\n")
    (here / "bad.py").write_text(LAYER_CODES["LG711"].bad)
    assert layergen("lint", "good.yaml", "bad.py").exit_code == 1
    result = layergen("lint", "bad.yaml", "bad.py", "missing.py")
    assert result.exit_code == 2
    assert "bad.py:" in result.stdout and "bad.yaml:" in result.stdout
    assert "cannot read missing.py" in result.stderr


def test_lint_of_what_is_no_python(layergen, here):
    (here / "broken.py").write_text("def call(self, x:\n")
    result = layergen("lint", "broken.py")
    assert (result.exit_code, "broken.py:1:9: LG700" in result.stdout) == (2, True)


@pytest.mark.parametrize("name", ["folder", "folder.py", "folder.yaml"])
def test_lint_of_a_folder(layergen, here, name):
    (here / name).mkdir()
    result = layergen("lint", name)
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: {name} is a folder: name the specs (.yaml) or the layers (.py) in it.\n"
    )


def test_lint_warnings_of_layers_are_no_failure(layergen, here):
    (here / "slow.py").write_text(LAYER_CODES["LGW74"].bad)
    loud, quiet = layergen("lint", "slow.py"), layergen("lint", "-q", "slow.py")
    assert (loud.exit_code, "LGW74" in loud.stdout) == (0, True)
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_generate_of_python_says_what_is_for_it(layergen, here):
    (here / "a.py").write_text("x = 1\n")
    result = layergen("generate", "a.py")
    assert (result.exit_code, "layergen lint" in result.stderr) == (2, True)


def test_lint_warnings_alone_are_no_failure(layergen, here, monkeypatch):
    from layergen.problems import Place, Problem
    from layergen.project import build

    real = build.lay_out

    def warned(source, config):
        result = real(source, config)
        warning = Problem(source.file, Place(1, 1), "LGW99", "Slow.")
        return replace(result, problems=(warning,))

    monkeypatch.setattr(build, "lay_out", warned)
    (here / "good.yaml").write_text(GOOD)
    loud, quiet = layergen("lint", "good.yaml"), layergen("lint", "-q", "good.yaml")
    assert (loud.exit_code, "LGW99" in loud.stdout) == (0, True)
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_explain(layergen):
    from layergen.codes import CODES

    for code, known in CODES.items():
        result = layergen("explain", code.lower())
        assert result.exit_code == 0
        assert known.title in result.stdout and known.meaning.strip() in result.stdout
    result = layergen("explain", next(iter(CODES))[:-1] + "x")
    assert (result.exit_code, "did you mean `" in result.stderr) == (2, True)


def test_list(layergen):
    layers = json.loads(layergen("list", "--json").stdout)
    assert [layer["name"] for layer in layers] == gallery.names()
    assert all(set(layer) == {"name", "doc", "style"} for layer in layers)
    lines = layergen("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == gallery.names()


def test_show_is_what_new_writes(layergen, here):
    layergen("new", "swish_dense")
    for flag, name in {
        "--spec": "swish_dense.yaml",
        "--code": "swish_dense.py",
        "--test": "test_swish_dense.py",
    }.items():
        shown = layergen("show", "SwishDense", flag).stdout_bytes
        assert shown == (here / name).read_bytes()
    assert layergen("show", "swish_dense").stdout_bytes == GOOD.encode()


def test_show_in_a_style_is_what_new_writes_in_it(layergen, here):
    layergen("new", "swish_dense", "--style", "class")
    for flag, name in {
        "--spec": "swish_dense.yaml",
        "--code": "swish_dense.py",
    }.items():
        shown = layergen("show", "swish_dense", flag, "--style", "class").stdout_bytes
        assert shown == (here / name).read_bytes()


@pytest.mark.parametrize(
    "args",
    [
        ["swish_dens"],
        ["../gallery/swish_dense"],
        ["swish_dense", "--code", "--test"],
        ["swish_dense", "--code", "--style", "fancy"],
    ],
)
def test_show_refuses(layergen, args):
    result = layergen("show", *args)
    assert (result.exit_code, result.stdout) == (2, "")


def test_schema(layergen):
    assert json.loads(layergen("schema").stdout)["type"] == "object"


@pytest.mark.parametrize("name", cli.commands)
def test_every_command_has_help_with_an_example_and_quiet(layergen, name):
    text = layergen(name, "--help").stdout
    assert "Example" in text and f"layergen {name}" in text and "--quiet" in text
