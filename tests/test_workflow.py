"""The GitHub workflow of this repository: its steps, run here as far as they can be."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
JOB = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["ci"]
STEPS = [step["run"] for step in JOB["steps"] if "run" in step]


def test_does_what_ci_does_on_the_lowest_python_and_the_newest():
    assert STEPS[0] == ".ci/run" and os.access(ROOT / STEPS[0], os.X_OK)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lowest, newest = JOB["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={lowest}"
    assert int(newest.split(".")[1]) > int(lowest.split(".")[1])


@pytest.fixture
def checkout(tmp_path):
    """A repository with two specs of the gallery and what they render to."""
    if not shutil.which("git"):
        pytest.skip("git is missing")
    for name in ("swish", "double"):
        for file in (
            f"layergen/gallery/{name}.yaml",
            f"generated_examples/{name}.py",
            f"generated_examples/test_{name}.py",
        ):
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, tmp_path / file)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    commit(tmp_path)
    return tmp_path


def commit(checkout):
    identity = ["-c", "user.name=CI", "-c", "user.email=ci@localhost"]
    for command in (["add", "--all"], [*identity, "commit", "--quiet", "-m", "State"]):
        subprocess.run(["git", *command], cwd=checkout, check=True)


def regenerate(checkout):
    """The exit code of the step that regenerates, with this Python's layergen."""
    script = STEPS[1].replace("pip install .\n", "")
    assert script != STEPS[1]
    script = script.replace(
        "layergen generate", f"{sys.executable} -m layergen generate"
    )
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=checkout, capture_output=True, text=True
    )
    return done.returncode


def test_regenerates_the_examples(checkout):
    assert regenerate(checkout) == 0


@pytest.mark.parametrize("drift", ["edited", "missing", "orphaned"])
def test_fails_on_drift(checkout, drift):
    examples = checkout / "generated_examples"
    if drift == "edited":
        (examples / "swish.py").write_text("# drift\n")
    elif drift == "missing":
        (examples / "swish.py").unlink()
    else:
        (checkout / "layergen/gallery/swish.yaml").unlink()
    commit(checkout)
    assert regenerate(checkout) != 0
