"""The pre-commit hooks that this repository serves, and that a new project has."""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from click.testing import CliRunner
from fresh_environment import ROOT

from layergen.cli import cli
from layergen.project.answers import answered
from layergen.project.bootstrap import bootstrap

SERVED = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "my_layers"
    bootstrap(folder, answered({"project_name": "my_layers"}, ask=False))
    return folder


def matched(hook, names):
    return [name for name in names if re.search(hook["files"], name)]


def test_entries_are_commands():
    assert set(SERVED) == {"layergen-check", "layergen-lint"}
    for hook in SERVED.values():
        program, *args = hook["entry"].split()
        result = CliRunner().invoke(cli, [*args, "--help"])
        assert (program, result.exit_code) == ("layergen", 0), result.output
        assert hook["language"] == "python"


def test_check_runs_once_for_whatever_it_rests_on(project):
    hook = SERVED["layergen-check"]
    assert hook["pass_filenames"] is False
    names = [p.relative_to(project).as_posix() for p in project.rglob("*.*")]
    names += ["layergen.lock", "src/my_layers/gated_dense.py", "tests/test_x.py"]
    names += ["my_templates/layer/class.py.j2"]
    concerned = matched(hook, names)
    for name in (
        "pyproject.toml",
        "layergen.lock",
        "specs/gated_dense.yaml",
        names[-1],
    ):
        assert name in concerned
    assert not {"README.md", ".gitignore", ".github/workflows/ci.yml"} & {*concerned}
    assert matched(hook, ["src/my_layers/gated_dense.py", "tests/test_x.py"])


def test_lint_takes_specs_and_layers():
    hook = SERVED["layergen-lint"]
    assert hook.get("pass_filenames", True)
    taken = ["specs/gated_dense.yaml", "src/my_layers/own.py", "src/a/b/own.py"]
    left = [".github/workflows/ci.yml", "conf/specs/a.yaml", "specs/a.yml"]
    left += ["tests/test_own.py", "setup.py", "src/my_layers/data.yaml"]
    assert matched(hook, taken + left) == taken


def test_a_project_has_the_same_check(project):
    config = yaml.safe_load((project / ".pre-commit-config.yaml").read_text())
    [repository] = config["repos"]
    [hook] = repository["hooks"]
    served = SERVED[hook["id"]]
    for key in ("entry", "files", "pass_filenames"):
        assert hook[key] == served[key]


def git(folder, *arguments):
    identity = ["-c", "user.name=Tests", "-c", "user.email=tests@localhost"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True
    )
    return done.stdout.decode()


@pytest.fixture
def snapshot(tmp_path):
    """The address of a repository, and its revision, with this checkout's files."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("git is missing, or this is no checkout of it")
    folder = tmp_path / "snapshot"
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Snapshot")
    return str(folder), git(folder, "rev-parse", "HEAD").strip()


@pytest.mark.skipif(not shutil.which("pre-commit"), reason="pre-commit is missing")
def test_pre_commit_runs_them(project, snapshot, tmp_path):
    """Needs a package index, from which pre-commit installs what the hooks need."""
    address, revision = snapshot
    hooks = [{"id": name} for name in SERVED]
    config = {"repos": [{"repo": address, "rev": revision, "hooks": hooks}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(project, "init", "--quiet")
    git(project, "add", "--all")

    env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "c"), "PYTHONPATH": ""}
    if env.get("LAYERGEN_NEWEST") != "1":
        env["PIP_CONSTRAINT"] = str(ROOT / "constraints.txt")

    def outcomes():
        done = subprocess.run(
            ["pre-commit", "run", "--all-files"],
            cwd=project,
            env=env,
            capture_output=True,
            text=True,
        )
        found = re.findall(r"\.(Passed|Failed|\S*Skipped)$", done.stdout, re.MULTILINE)
        return found, done.stdout + done.stderr

    found, output = outcomes()
    assert found == ["Passed", "Passed"], output
    spec = project / "specs/gated_dense.yaml"
    text = spec.read_text()
    spec.write_text(text.replace("learned gate", "gate"))
    found, output = outcomes()
    assert found == ["Failed", "Passed"], output
    assert "differs src/my_layers/gated_dense.py" in output
    spec.write_text(text.replace("forward", "forwrd"))
    found, output = outcomes()
    assert found == ["Failed", "Failed"], output
    assert re.search(r"specs/gated_dense\.yaml:\d+:1: LG.*`forwrd`", output)
