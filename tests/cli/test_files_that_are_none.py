"""A pipe, a device, a folder or an endless file is refused at once, by every command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from layergen.cli import cli

KINDS = {
    "pipe": "it is a pipe, no file",
    "device": "it is a device, no file",
    "folder": "folder",
    "huge": "larger than 1 MiB",
}


@pytest.fixture(params=KINDS)
def kind(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    if not hasattr(os, "mkfifo"):
        pytest.skip("the system has no such files")
    monkeypatch.chdir(tmp_path)
    for name in ("it.yaml", "it.py"):
        if request.param == "pipe":
            os.mkfifo(name)
        elif request.param == "device":
            Path(name).symlink_to("/dev/zero")
        elif request.param == "folder":
            Path(name).mkdir()
        else:
            with open(name, "wb") as stream:
                stream.truncate(2**40)
    return str(request.param)


@pytest.mark.parametrize(
    "command",
    [
        "lint it.yaml",
        "lint it.py",
        "lint --json it.yaml",
        "generate it.yaml",
        "generate --check it.yaml",
        "generate --out there it.yaml",
        "new other --spec it.yaml",
    ],
)
def test_is_refused(command: str, kind: str) -> None:
    result = CliRunner().invoke(cli, command.split())
    assert result.exit_code == 2, result.output
    words = KINDS[kind]
    if kind == "huge" and ".yaml" in command:
        words = "it has more than 1,048,576 bytes"
    assert words in result.output
    assert sorted(os.listdir()) == ["it.py", "it.yaml"]


def test_no_spec_is_looked_for_in_a_pipe(kind: str) -> None:
    result = CliRunner().invoke(cli, ["generate"])
    assert result.exit_code == 2
    assert "no layer spec here" in result.output
