"""The command line, run in an empty folder."""

import os
import pty
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from layergen.cli import cli


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def layergen(here):
    """Run the command in this process, in `here`; a traceback fails the test."""

    def run(*args: str, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(cli, [*map(str, args)], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def process(here):
    """Run the command as a process of its own, in `here`; a traceback fails the test."""

    def run(*args: str, env=None, **options) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "layergen", *args],
            env={**os.environ, **(env or {})},
            stdin=options.pop("stdin", subprocess.DEVNULL),
            capture_output=True,
            timeout=300,
            **options,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run


@pytest.fixture
def terminal(here):
    """Start the command with a terminal for its standard input."""
    started = []

    def start(*args):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "layergen", *args],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # A shell's background job ignores the signal, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        started.append((process, ours, theirs))
        return process, ours

    yield start
    for process, ours, theirs in started:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
