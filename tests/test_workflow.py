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
# YAML 1.1 takes the key `on` for true.
WORKFLOW = yaml.load((ROOT / ".github/workflows/ci.yml").read_text(), yaml.BaseLoader)
JOB = WORKFLOW["jobs"]["ci"]
STEPS = [step["run"] for step in JOB["steps"] if "run" in step]


def test_does_what_ci_does_on_the_lowest_python_and_the_newest():
    assert STEPS[0] == ".ci/run" and os.access(ROOT / STEPS[0], os.X_OK)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lowest, newest = JOB["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={lowest}"
    assert int(newest.split(".")[1]) > int(lowest.split(".")[1])


def test_takes_the_newest_of_everything_once_a_week():
    assert {*WORKFLOW["on"]} == {"push", "pull_request", "schedule"}
    [weekly] = WORKFLOW["on"]["schedule"]
    minute, hour, *days, weekday = weekly["cron"].split()
    assert minute.isdigit() and hour.isdigit() and weekday.isdigit()
    assert days == ["*", "*"]
    [step] = [step for step in JOB["steps"] if step.get("run") == ".ci/run"]
    asked = "${{ github.event_name == 'schedule' && '1' || '' }}"
    assert step["env"] == {"LAYERGEN_NEWEST": asked}


STUB = """\
#!{python}
import os, sys
name, log = os.path.basename(sys.argv[0]), os.environ["TYPED"]
if name == "python3":
    made = os.path.join(sys.argv[3], "bin")
    os.makedirs(made)
    for other in ("pip", "pytest", "python", "ruff", "black", "mypy", "layergen"):
        os.symlink(os.path.abspath(sys.argv[0]), os.path.join(made, other))
else:
    with open(log, "a") as file:
        print(name, *sys.argv[1:], file=file)
if name == "pytest":
    with open(os.environ["LAYERGEN_COUNT"], "a") as file:
        print(os.environ["RAN"], file=file)
sys.exit(name in os.environ.get("FAILS", "").split())
"""


@pytest.fixture
def typed(tmp_path):
    """Runs `.ci/run` with programs that only note how they were called."""
    for file in (".ci/run", "README.md"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    stub = tmp_path / "python3"
    stub.write_text(STUB.format(python=sys.executable))
    stub.chmod(0o755)

    def run(**variables):
        log = tmp_path / "typed"
        log.write_text("")
        own = {"PYTHON": str(stub), "TYPED": str(log), "TMPDIR": str(tmp_path)}
        variables = {"RAN": "1000", **own, **variables}
        known = {k: v for k, v in os.environ.items() if k != "LAYERGEN_NEWEST"}
        done = subprocess.run(
            ["bash", ".ci/run"],
            cwd=tmp_path,
            env={**known, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return done, log.read_text().splitlines()

    return run


def installs(lines):
    return [line for line in lines if line.startswith("pip install")]


@pytest.mark.parametrize("newest", ["", "0"])
def test_installs_what_is_pinned(typed, newest):
    done, lines = typed(LAYERGEN_NEWEST=newest)
    assert done.returncode == 0, done.stderr
    assert lines[:2] == ["pip install -c constraints.txt .[test]", "pytest"]
    assert len(installs(lines)) == 2
    assert all(" -c constraints.txt " in line for line in installs(lines))
    assert "python .ci/pinned" in lines


def test_installs_the_newest_where_that_is_asked_for(typed):
    done, lines = typed(LAYERGEN_NEWEST="1")
    assert done.returncode == 0, done.stderr
    assert lines[:2] == ["pip install .[test]", "pytest"]
    assert installs(lines) == ["pip install .[test]", "pip install --quiet .[dev]"]
    assert "python .ci/pinned" not in lines


@pytest.mark.parametrize("word", ["-c constraints.txt ", "[test]", " && pytest"])
def test_refuses_a_readme_that_installs_otherwise(typed, tmp_path, word):
    page = (tmp_path / "README.md").read_text()
    (tmp_path / "README.md").write_text(page.replace(word, ""))
    done, lines = typed()
    assert (done.returncode, lines) == (1, [])
    assert done.stderr.startswith("README.md must ")


def test_runs_every_test_by_a_seed_that_turns_with_the_commit(typed, checkout):
    seeds = set()
    for _ in range(2):
        (checkout / "more").write_text(str(seeds))
        commit(checkout)
        git = ["git", "rev-parse", "HEAD"]
        head = subprocess.check_output(git, cwd=checkout, text=True)
        found = f"pytest --exhaustive --sample-seed={int(head[:7], 16)}"
        done, lines = typed()
        assert found in lines and f"== {found}\n" in done.stdout
        seeds.add(found)
    assert len(seeds) == 2


@pytest.mark.parametrize(("each", "code"), [("749", 1), ("750", 0), ("0", 1)])
def test_fails_where_too_few_tests_ran(typed, each, code):
    """There are four steps that run tests."""
    done, _ = typed(RAN=each)
    assert done.returncode == code
    assert f"\n{4 * int(each)} tests ran" in done.stdout
    assert ("3000 tests have to run" in done.stdout) == bool(code)


@pytest.mark.parametrize("program", ["pip", "pytest", "ruff", "mypy"])
def test_goes_on_after_a_step_that_fails_and_fails_itself(typed, program):
    done, lines = typed(FAILS=program)
    assert done.returncode == 1 and lines[-1].startswith("layergen generate --check")
    assert program in done.stdout.rpartition("Failed:")[2]


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
    script = STEPS[1].replace("pip install -c constraints.txt .\n", "")
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
