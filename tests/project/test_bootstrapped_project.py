"""A project as its owner meets it: bootstrapped, installed, tested, checked."""

import os
import re
import sys
import zipfile

import pytest
from fresh_environment import (
    ROOT,
    built,
    environment,
    lend_programs,
    run,
    wheel_of_this,
)


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The programs of an environment with layergen, pip and pytest."""
    folder = tmp_path_factory.mktemp("owner")
    scripts, _ = environment(wheel_of_this(folder), folder)
    lend_programs(scripts, "pip", "pytest")
    return scripts


def shell(command, scripts, cwd):
    """A line of a README, typed where the environment is activated.

    There is no index to be asked: what the project needs is there, and it is built with
    the environment's own hatchling. pip reads this variable the wrong way round.
    """
    path = os.pathsep.join([str(scripts), os.environ["PATH"]])
    pip = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    return run("bash", "-euc", command, cwd=cwd, PATH=path, **pip)


def commands(readme):
    """The lines in a text's blocks of shell commands."""
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def python_tool(*command, cwd):
    run(sys.executable, "-m", *command, ".", cwd=cwd)


def test_after_init(scripts, tmp_path):
    shell("layergen init my_layers author_name='The lab'", scripts, tmp_path)
    project = tmp_path / "my_layers"
    assert not [*project.rglob("__pycache__")]
    # `init` has generated.
    shell("layergen generate --check", scripts, project)
    install, test = commands((project / "README.md").read_text())
    shell(install, scripts, project)
    passed = shell(test, scripts, project)
    assert int(re.search(r"(\d+) passed", passed)[1]) > 100
    shell("layergen generate --check", scripts, project)
    python_tool("ruff", "check", "--isolated", "--select=E4,E7,E9,F,I", cwd=project)
    python_tool("black", "--check", "--quiet", cwd=project)
    example = re.search(
        r"```python\n(.*?)```", (project / "README.md").read_text(), re.S
    )
    shell(f"cd / && python -c '{example[1]}\nprint(model.output_shape)'", scripts, "/")
    wheel = built("wheel", project, tmp_path / "wheel")
    assert "my_layers/gated_dense.py" in zipfile.ZipFile(wheel).namelist()


def test_after_plain_cookiecutter(scripts, tmp_path):
    """The first command of the README generates."""
    options = "--directory templates/project --no-input project_name=my_layers"
    run(
        *[sys.executable, "-m", "cookiecutter", ROOT, *options.split()],
        cwd=tmp_path,
        HOME=str(tmp_path / "home"),
    )
    project = tmp_path / "my-layers"
    assert not (project / "tests").exists()
    shell(commands((project / "README.md").read_text())[0], scripts, project)
    assert (project / "tests/test_gated_dense.py").is_file()
    shell("layergen generate --check", scripts, project)
