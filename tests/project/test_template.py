"""The template of a project, as plain cookiecutter takes it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import layergen
from layergen.project.answers import TEMPLATE, answered
from layergen.project.bootstrap import bootstrap
from layergen.project.lock import PENDING
from layergen.project.running import NAME

ROOT = Path(__file__).resolve().parent.parent.parent
GIVEN = {"project_name": "my_layers", "author_name": "The lab", "license": "Apache-2.0"}


def texts(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The project that plain cookiecutter makes from this repository."""
    folder = tmp_path_factory.mktemp("plain")
    given = [f"{key}={value}" for key, value in GIVEN.items()]
    options = ["--directory", "templates/project", "--no-input", *given]
    subprocess.run(
        [sys.executable, "-m", "cookiecutter", str(ROOT), *options],
        cwd=folder,
        env={**os.environ, "HOME": str(folder / "home")},
        check=True,
        timeout=60,
    )
    return folder / "my-layers"


def test_init_makes_the_same_tree_and_generates(plain, tmp_path):
    bootstrap(tmp_path / "project", answered(GIVEN, ask=False))
    generated = shutil.copytree(plain, tmp_path / "plain")
    generate = [sys.executable, "-m", "layergen", "generate", "--quiet"]
    subprocess.run(generate, cwd=generated, check=True, timeout=60)
    assert texts(tmp_path / "project") == texts(generated)
    assert {*texts(generated)} - {*texts(plain)} == {
        "layergen.lock",
        "src/my_layers/gated_dense.py",
        "tests/test_gated_dense.py",
    }


def test_runs_no_code(plain):
    assert not (TEMPLATE / "hooks").exists()
    variables = json.loads((TEMPLATE / "cookiecutter.json").read_text())
    assert not {"_extensions", "_jinja2_env_vars"} & set(variables)


def test_holds_nothing_that_installing_compiles():
    """pip leaves compiled Python beside each `.py`, and cookiecutter would copy it."""
    assert not [*TEMPLATE.rglob("*.py")]


def test_ships_specs_and_no_generated_code(plain):
    names = set(texts(plain))
    assert {name for name in names if name.endswith(".py")} == {
        "src/my_layers/__init__.py"
    }
    assert {name for name in names if name.startswith("specs/")} == {
        "specs/gated_dense.yaml"
    }


def test_asks_for_this_version_of_layergen(plain):
    project = tomllib.loads((plain / "pyproject.toml").read_text())["project"]
    wanted = f"layergen[tensorflow]=={layergen.__version__}"
    assert wanted in project["optional-dependencies"]["test"]


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0", "BSD-3-Clause", "none"])
def test_text_is_in_order(tmp_path, licence):
    """Nothing of the template shows, lines are clean, and no date dates it."""
    given = {"project_name": "my_layers", "license": licence}
    bootstrap(tmp_path / "project", answered(given, ask=False))
    for name, data in texts(tmp_path / "project").items():
        text = data.decode()
        assert text.endswith("\n") and not text.endswith("\n\n"), name
        assert not re.search(r"[ \t\r]$", text, re.MULTILINE), name
        assert not re.search(r"\{[{%#]|[}%#]\}|cookiecutter", text), name
        # The name of the Apache licence holds the month of its version.
        text = text.replace("Version 2.0, January 2004", "")
        assert not re.search(r"\b(19|20)\d\d\b", text), name


def test_black_and_ruff_have_nothing_to_say(plain):
    for tool in (["black", "--check"], ["ruff", "check", "--isolated"]):
        command = [sys.executable, "-m", *tool, "."]
        done = subprocess.run(command, cwd=plain, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="git is missing")
def test_git_ignores_what_is_not_to_be_committed(plain, tmp_path):
    project = shutil.copytree(plain, tmp_path / "project")
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    ignored = [PENDING, NAME, "src/my_layers/.a.py.0123abcd.layergen-tmp"]
    ignored += ["src/my_layers/__pycache__/a.pyc", ".venv/bin/python", "dist/a.whl"]
    kept = ["layergen.lock", "src/my_layers/a.py", "specs/a.yaml", "tests/test_a.py"]
    done = subprocess.run(
        ["git", "check-ignore", *ignored, *kept], cwd=project, capture_output=True
    )
    assert done.stdout.decode().splitlines() == ignored


def test_workflow_checks_and_tests(plain):
    workflow = yaml.safe_load((plain / ".github/workflows/ci.yml").read_text())
    steps = workflow["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [
        'pip install -e ".[test]"',
        "layergen generate --check",
        "pytest",
    ]
