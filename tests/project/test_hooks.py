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
    concerned = matched(hook, names)
    for name in ("pyproject.toml", "layergen.lock", "specs/gated_dense.yaml"):
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


@pytest.mark.skipif(not shutil.which("pre-commit"), reason="pre-commit is missing")
@pytest.mark.skipif(not shutil.which("git"), reason="git is missing")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no git checkout")
def test_pre_commit_runs_them(project, tmp_path):
    """Needs a package index, from which pre-commit installs layergen for its hooks."""

    def run(*command, code=0):
        home = {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "PYTHONPATH": ""}
        done = subprocess.run(
            command,
            cwd=project,
            env={**os.environ, **home},
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    run("git", "init", "--quiet")
    run("git", "add", ".")
    tried = ("pre-commit", "try-repo", str(ROOT), "--all-files")
    passed = run(*tried)
    assert len(re.findall(r"\.Passed$", passed, re.MULTILINE)) == len(SERVED)
    spec = project / "specs/gated_dense.yaml"
    spec.write_text(
        spec.read_text().replace("(x @ kernel + bias)", "x @ kernel + bias")
    )
    drifted = run(*tried, code=1)
    assert re.search(r"check\.+Failed", drifted) and re.search(
        r"lint\.+Passed", drifted
    )
    spec.write_text(spec.read_text().replace("forward", "forwrd"))
    assert "LG" in run(*tried, "layergen-lint", code=1)
