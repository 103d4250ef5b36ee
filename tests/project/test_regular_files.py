"""What is no file in a project is refused at once, and what is in the way is named."""

import os
import resource
import socket

import pytest
from project_folder import TABLE, Folder, spec

from layergen.project import config, plan
from layergen.project.lock import NAME, PENDING

GATE, CODE, TEST = "specs/gate.yaml", "src/ours/gate.py", "tests/test_gate.py"
INIT = "src/ours/__init__.py"
COMMANDS = [
    ("generate",),
    ("generate", "--check"),
    ("status",),
    ("remove", "gate"),
    ("eject", "gate"),
]


@pytest.fixture
def gate(project):
    project.write(GATE, spec("Gate"))
    assert project.run("generate")[0] == 0
    return project


def pipe(path):
    os.mkfifo(path)


def device(path):
    path.symlink_to("/dev/zero")


def bound(path):
    here = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


KINDS = {"a pipe": pipe, "a socket": bound}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["pyproject.toml", NAME, PENDING, CODE, INIT])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_is_no_file(gate, kind, path, command):
    (gate / path).unlink(missing_ok=True)
    KINDS[kind](gate / path)
    before = gate.files()
    code, out, err = gate.run(*command)
    why = (
        "no such device or address" if kind == "a socket" else f"it is {kind}, no file"
    )
    assert f"cannot read {path}: {why}." in err
    # Of files that are unusable, `status` tells beside the others.
    assert (code, out) == (2, "") or command == ("status",) and code == 0
    assert gate.files() == before


@pytest.mark.parametrize("command", COMMANDS[:3], ids=" ".join)
def test_a_device_without_end(project, command):
    """`pyproject.toml` may be a link to one; it leads out of no project yet."""
    (project / "pyproject.toml").unlink()
    device(project / "pyproject.toml")
    told = "Error: cannot read pyproject.toml: it is a device, no file.\n"
    assert project.run(*command) == (2, "", told)


@pytest.mark.parametrize("path", [NAME, CODE, INIT])
def test_a_link_to_a_device(gate, path):
    (gate / path).unlink()
    device(gate / path)
    code, _, err = gate.run("generate")
    assert (code, f"{path} leads out of its folder, to /dev/zero" in err) == (2, True)


def test_notes_that_are_a_device(gate):
    device(gate / PENDING)
    told = f"Error: cannot read {PENDING}: it is a device, no file.\n"
    assert gate.run("generate") == (2, "", told)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("pyproject.toml", config.LIMIT),
        (NAME, plan.LIMIT),
        (PENDING, plan.LIMIT),
        (CODE, plan.LIMIT),
    ],
)
def test_no_file_is_read_past_a_limit(gate, path, limit):
    """One of a TiB that takes no room on the disk, where there is no memory for it."""
    with open(gate / path, "wb") as file:
        file.truncate(2**40)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = f"Error: cannot read {path}: it has more than {limit:,} bytes.\n"
    assert gate.run("generate") == (2, "", told)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert used < 100 * 1024


@pytest.mark.parametrize(
    ("way", "commands"),
    [
        ("src", [("generate",), ("generate", "--dry-run"), ("new", "swish_dense")]),
        ("src/ours", [("generate",), ("new", "swish_dense")]),
        ("tests", [("generate",), ("generate", "--check"), ("new", "swish_dense")]),
    ],
)
def test_a_file_in_the_way_of_a_folder(project, way, commands):
    project.write(GATE, spec("Gate"))
    project.write(way, "mine")
    before = project.files()
    for command in commands:
        told = f"Error: {way} is a file; a folder is to be there.\n"
        assert project.run(*command) == (2, "", told)
    assert project.files() == before


def test_a_file_in_the_way_of_the_folder_of_specs(project):
    project.write("specs", "mine")
    told = "Error: cannot read specs: not a directory.\n"
    assert project.run("generate") == (2, "", told)


@pytest.mark.parametrize("out", ["out", "out/a/b"])
def test_a_file_in_the_way_of_a_folder_to_write_to(bare, out):
    bare.write("gate.yaml", spec("Gate"))
    bare.write("out", "mine")
    told = "Error: out is a file; a folder is to be there.\n"
    assert bare.run("generate", "gate.yaml", "--out", out) == (2, "", told)


@pytest.mark.parametrize("path", [CODE, TEST, INIT, NAME, PENDING])
def test_a_folder_in_the_way_of_a_file(gate, path):
    (gate / path).unlink(missing_ok=True)
    (gate / path).mkdir()
    told = f"Error: {path} is a folder; a file is to be written there.\n"
    assert gate.run("generate") == (2, "", told)


@pytest.mark.parametrize(
    "value", ["[" * 5000 + "]" * 5000, "{a=" * 5000 + "1" + "}" * 5000]
)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_configuration_nested_too_deeply(project, value, command):
    project.write("pyproject.toml", f"{TABLE}[tool.other]\na = {value}\n")
    told = "Error: pyproject.toml is nested too deeply.\n"
    assert project.run(*command) == (2, "", told)


@pytest.mark.parametrize("more", [(), ("--out", "out"), ("--check",)], ids=" ".join)
@pytest.mark.parametrize("style", ["class", "functional", "both"])
def test_two_specs_of_one_class_outside_a_project(bare, more, style):
    text = spec("Gate", k="[features, 3]").replace("x * k", "x @ k")
    text += f"style: {style}\n"
    bare.write("a.yaml", text)
    bare.write("b.yaml", text)
    before = bare.files()
    code, out, err = bare.run("generate", "a.yaml", "b.yaml", *more)
    if style == "functional":
        # Of these it is the functions that have names.
        assert "both make" not in err
        return
    assert (code, out, err) == (2, "", "Error: a.yaml and b.yaml both make `Gate`.\n")
    assert bare.files() == before


def test_a_second_spec_of_a_class_on_record(bare):
    bare.write("a.yaml", spec("Gate"))
    assert bare.run("generate", "a.yaml")[0] == 0
    bare.write("b.yaml", spec("Gate"))
    told = "Error: a.yaml and b.yaml both make `Gate`.\n"
    assert bare.run("generate", "b.yaml") == (2, "", told)
    assert bare.run("eject", "a") == (0, "yours a.py\nyours test_a.py\n", "")
    told = (
        "Error: `Gate` of a.py is yours, and b.yaml makes it as well: `layergen remove a` "
        "takes yours off the record.\n"
    )
    assert bare.run("generate", "b.yaml") == (2, "", told)
    bare.run("remove", "a")
    assert bare.run("generate", "b.yaml")[0] == 0


def test_a_configuration_around_that_is_no_file(tmp_path):
    """Of a folder around; a dangling link is none at all."""
    inner = Folder(tmp_path / "inner")
    inner.write("gate.yaml", spec("Gate"))
    (tmp_path / "pyproject.toml").symlink_to("nowhere")
    assert inner.run("generate")[0] == 0
    (tmp_path / "pyproject.toml").unlink()
    (tmp_path / "pyproject.toml").mkdir()
    told = "Error: cannot read ../pyproject.toml: it is a folder, no file.\n"
    assert inner.run("generate") == (2, "", told)
