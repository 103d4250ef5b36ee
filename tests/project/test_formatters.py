"""Files as the project's own formatter leaves them, and the lock's record of it."""

import json
import subprocess
import sys
from pathlib import Path

import black
import pytest
from project_folder import TABLE, spec

from layergen.layout import ruff
from layergen.layout.ruff_settings import settings_of

SPEC = """\
layer: RuffDrift
args:
  hidden_units: int
inputs: [batch, features]
outputs: [batch, hidden_units]
weights:
  kernel: [features, hidden_units]
  bias: {shape: [hidden_units], initializer: zeros}
forward: x @ kernel + bias
equivalent: Dense(hidden_units)
"""
CODE, TEST, INIT = (
    "src/ours/ruff_drift.py",
    "tests/test_ruff_drift.py",
    "src/ours/__init__.py",
)
TOOL = f'{TABLE}formatter = "ruff"\n'
SINGLE = '[tool.ruff]\nline-length = 100\n[tool.ruff.format]\nquote-style = "single"\n'
NARROW = f"{TABLE}[tool.black]\nline-length = 79\n"
QUOTES = '[format]\nquote-style = "single"\n'


@pytest.fixture
def drift(project):
    project.write("specs/ruff_drift.yaml", SPEC)
    return project


@pytest.fixture
def calls(monkeypatch):
    """The runs of ruff, by their first argument."""
    real, found = ruff._run, []

    def run(*args, **how):
        found.append(args[0])
        return real(*args, **how)

    monkeypatch.setattr(ruff, "_run", run)
    return found


def formatted(project, *tool):
    """Whether a formatter, run by the user, has nothing to change."""
    command = [sys.executable, "-m", *tool] if tool[0] == "black" else tool
    return subprocess.run(command, cwd=project.root, capture_output=True)


def is_quiet(project):
    assert project.run("generate", "--check") == (0, "all files are up to date.\n", "")
    assert {*project.states().values()} == {"current"}
    assert project.run("generate")[1] == "all files are up to date.\n"


def widths(project, path):
    return [len(line) for line in (project / path).read_text().splitlines()]


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": TOOL + SINGLE},
        {"pyproject.toml": TOOL},
        {
            "pyproject.toml": f'[project]\nname = "o"\nrequires-python = ">=3.14"\n{TOOL}'
        },
        {"pyproject.toml": TOOL + SINGLE, "ruff.toml": "line-length = 60\n"},
        {"pyproject.toml": TOOL, ".ruff.toml": QUOTES, "ruff.toml": "line-length = 60"},
        {
            "pyproject.toml": TOOL,
            "ruff.toml": QUOTES,
            "src/ruff.toml": "indent-width = 2",
        },
        {
            "pyproject.toml": TOOL,
            "ruff.toml": 'extend = "settings/base.toml"\n',
            "settings/base.toml": f"line-length = 70\n{QUOTES}",
        },
        {
            "pyproject.toml": TOOL,
            "ruff.toml": 'extend-exclude = ["src"]\nforce-exclude = true\n'
            f'{QUOTES}exclude = ["test_*"]\nskip-magic-trailing-comma = true\n',
        },
        {"pyproject.toml": TOOL, "ruff.toml": '[format]\nindent-style = "tab"\n'},
        {"pyproject.toml": f"{TOOL}line_length = 60\n{SINGLE}"},
    ],
)
def test_ruff_has_nothing_to_change(drift, files):
    for name, text in files.items():
        drift.write(name, text)
    assert drift.run("generate")[0] == 0
    before = drift.files()
    named = (CODE, TEST, INIT)
    asked = ("ruff", "format", "--no-cache", "--config", "force-exclude=false")
    done = formatted(drift, *asked, *named)
    assert done.returncode == 0, done.stderr
    assert drift.files() == before
    is_quiet(drift)


def test_settings_hold(drift):
    drift.write("pyproject.toml", TOOL + SINGLE)
    drift.write("tests/ruff.toml", "indent-width = 2\n")
    drift.run("generate")
    assert "'kernel'" in (drift / CODE).read_text()
    assert "'RuffDrift'" in (drift / INIT).read_text()
    assert "\n  layer" in (drift / TEST).read_text()


@pytest.mark.parametrize("project_table", ["", '[project]\nname = "o"\n'])
def test_settings_of_the_users_own_do_not_hold(drift, monkeypatch, project_table):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(drift / "config"))
    drift.write("config/ruff/ruff.toml", QUOTES)
    drift.write("pyproject.toml", project_table + TOOL)
    assert drift.run("generate")[0] == 0
    assert '"kernel"' in (drift / CODE).read_text()


def test_messages_are_laid_out_for_the_width_of_ruff(drift):
    drift.write("pyproject.toml", TOOL + SINGLE)
    drift.run("generate")
    assert 88 < max(widths(drift, CODE)) <= 100
    drift.write("pyproject.toml", f"{TOOL}[tool.ruff]\nline-length = 70\n")
    drift.run("generate")
    assert 60 < max(widths(drift, CODE)) <= 70


def test_black_has_nothing_to_change(drift):
    drift.write("pyproject.toml", NARROW)
    assert drift.run("generate")[0] == 0
    before = drift.files()
    assert 72 < max(widths(drift, CODE)) <= 79
    assert formatted(drift, "black", "-q", ".").returncode == 0
    assert drift.files() == before
    is_quiet(drift)


def test_elsewhere_the_settings_of_that_place_hold(drift):
    drift.write("pyproject.toml", TOOL)
    drift.write("out/ruff.toml", QUOTES)
    generate = ("generate", "--out", "out", "specs/ruff_drift.yaml")
    assert drift.run(*generate)[0] == 0
    assert "'kernel'" in (drift / "out/ruff_drift.py").read_text()
    assert drift.run("new", "gate", "--like", "swish_dense", "--out", "out")[0] == 0
    assert formatted(drift, "ruff", "format", "--check", "out").returncode == 0
    assert drift.run(*generate, "--check")[0] == 0


def test_one_call_formats_all_files_of_a_run(drift, calls):
    drift.write("pyproject.toml", TOOL)
    for name in ("Gate", "Door", "Wall"):
        drift.write(f"specs/{name.lower()}.yaml", spec(name))
    # The exports follow from what becomes of the files.
    for jobs, changed in (("1", 2), ("2", 1)):
        calls.clear()
        assert drift.run("generate", "--jobs", jobs)[0] == 0
        assert calls.count("format") == changed
        for name in ("Gate", "Door", "Wall"):
            doubled = spec(name).replace("x *", "2 * x *")
            drift.write(f"specs/{name.lower()}.yaml", doubled)
    assert drift.run("generate")[0] == 0
    calls.clear()
    is_quiet(drift)
    assert drift.run("lint", "specs/gate.yaml")[0] == 0
    assert "format" not in calls


def test_no_ruff(drift, monkeypatch, tmp_path):
    drift.write("pyproject.toml", TOOL)
    before = drift.files()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    for command in ("generate", "generate --check", "new swish_dense"):
        code, out, err = drift.run(*command.split())
        assert (code, out) == (2, "")
        assert "there is no ruff here: `pip install ruff` brings it." in err
    assert drift.files() == before
    assert drift.run("lint", "specs/ruff_drift.yaml")[0] == 0


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ("[format]\nquote-style = 'none'\n", "quote-style"),
        ("required-version = '==0.0.1'\n", "==0.0.1"),
        ("line-length = \n", "ruff.toml is not valid TOML"),
        ("extend = 'nowhere.toml'\n", "cannot read nowhere.toml"),
    ],
)
def test_ruff_refuses(drift, settings, why):
    drift.write("pyproject.toml", TOOL)
    drift.write("ruff.toml", settings)
    before = drift.files()
    code, out, err = drift.run("generate")
    assert (code, out) == (2, "") and why in err and err.count("\n") == 1
    assert "layergen-" not in err
    assert drift.files() == before


@pytest.mark.parametrize("bad", ["'rough'", "3", "true"])
def test_no_such_formatter(drift, bad):
    drift.write("pyproject.toml", f"{TABLE}formatter = {bad}\n")
    code, _, err = drift.run("generate")
    assert code == 2 and "`formatter` must be one of 'black', 'ruff'" in err


def on_record(project):
    return json.loads((project / "layergen.lock").read_text())["formatting"]


def test_the_lock_keeps_what_has_formatted(drift):
    drift.run("generate")
    assert on_record(drift) == {
        "formatter": "black",
        "version": black.__version__,
        "settings": "line length 88",
    }
    drift.write("pyproject.toml", TOOL + SINGLE)
    drift.run("generate")
    found = on_record(drift)
    version = subprocess.run(["ruff", "--version"], capture_output=True, text=True)
    assert f"{found['formatter']} {found['version']}\n" == version.stdout
    drift.write("pyproject.toml", f'{TOOL}{SINGLE}[tool.ruff.lint]\nselect = ["E"]\n')
    assert drift.run("generate", "--check")[0] == 0


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (TABLE, TOOL),
        (TOOL, TABLE),
        (TABLE, NARROW),
        (TABLE, f"{TABLE}line_length = 60\n"),
        (TOOL, TOOL + SINGLE),
        (TOOL, f"{TOOL}line_length = 60\n"),
        (TOOL, f'[project]\nname = "o"\nrequires-python = ">=3.14"\n{TOOL}'),
    ],
)
def test_another_formatting_is_no_drift(drift, first, then):
    drift.write("pyproject.toml", first)
    drift.run("generate")
    old = on_record(drift)
    drift.write("pyproject.toml", then)
    before = drift.files()
    for options in ([], ["specs/ruff_drift.yaml"], ["--json"]):
        code, out, err = drift.run("generate", "--check", *options)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "layergen.lock is of files formatted by " in err
        assert "`layergen generate` formats them anew" in err
        assert all(f"{old['formatter']} {old['version']}" in err for one in old)
    assert {drift.states()[path] for path in (CODE, TEST)} == {"generator changed"}
    assert drift.files() == before
    assert drift.run("generate")[0] == 0
    assert on_record(drift) != old
    is_quiet(drift)


def test_another_version_is_another_formatting(drift, monkeypatch):
    drift.run("generate")
    monkeypatch.setattr("_black_version.version", "99.1")
    code, _, err = drift.run("generate", "--check")
    assert (code, "this is black 99.1 (line length 88)" in err) == (2, True)
    drift.run("generate")
    assert on_record(drift)["version"] == "99.1"


def test_a_formatting_is_on_record_once_all_is_formatted_so(drift):
    drift.write("specs/gate.yaml", spec("Gate"))
    drift.run("generate")
    old = on_record(drift)
    drift.write("pyproject.toml", NARROW)
    assert drift.run("generate", "specs/gate.yaml")[0] == 0
    assert drift.run("new", "swish_dense")[0] == 0
    assert drift.run("eject", "gate")[0] == 0
    assert on_record(drift) == old
    assert drift.run("generate", "--check")[0] == 2
    drift.run("generate")
    assert on_record(drift)["settings"] == "line length 79"
    assert drift.run("generate", "--check")[0] == 0


def test_a_lock_that_does_not_say(drift):
    drift.run("generate")
    lock = json.loads((drift / "layergen.lock").read_text())
    del lock["formatting"]
    drift.write("layergen.lock", json.dumps(lock))
    assert {*drift.states().values()} == {"current"}
    assert drift.run("generate") == (0, "updated layergen.lock\n", "")
    assert "formatting" in json.loads((drift / "layergen.lock").read_text())


def test_a_damaged_record_of_formatting(drift):
    drift.run("generate")
    lock = json.loads((drift / "layergen.lock").read_text())
    for bad in ("black", {"formatter": "black"}, {**lock["formatting"], "version": 3}):
        drift.write("layergen.lock", json.dumps({**lock, "formatting": bad}))
        code, _, err = drift.run("generate")
        assert code == 2 and "layergen.lock is damaged" in err


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[tool.ruff]\nline-length = 90\n"},
        {"pyproject.toml": "[tool.ruff]\nline-length = 90\n", "a/pyproject.toml": ""},
        {"ruff.toml": "line-length = 90\n", "a/ruff.toml": "indent-width = 2\n"},
        {"ruff.toml": "line-length = 90\n", "a/.ruff.toml": "line-length = 91\n"},
        {"ruff.toml": "line-length = 90\n", "a/ruff.toml": 'extend = "../ruff.toml"\n'},
        {
            "a/pyproject.toml": "[tool.ruff]\nextend='$HOME/b.toml'\n",
            "b.toml": "line-length=92",
        },
    ],
)
def test_settings_are_those_that_ruff_finds(tmp_path, monkeypatch, files):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "a").mkdir(exist_ok=True)
    (tmp_path / "a" / "x.py").touch()
    shown = subprocess.run(
        ["ruff", "check", "--show-settings", "x.py"],
        cwd=tmp_path / "a",
        capture_output=True,
        text=True,
    ).stdout
    found = settings_of(Path(tmp_path / "a"))
    assert f"formatter.line_width = {found.line_length(88)}\n" in shown
