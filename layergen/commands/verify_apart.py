"""The process that `layergen verify` runs layers in, seen from outside.

A module that is imported may print, or end the process that imports it; so it is
imported by another one, and this one judges. What the other has to say comes through a
pipe, as lines of JSON; all that is printed there goes to standard error.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import asdict

from layergen import interrupts

Event = tuple[str, Any]

ENDED = "ended"
"""The event that comes last: how the process ended."""


class Request(Struct, frozen=True):
    """What is to be checked: `target` as the user named it, or, of a spec, the module of
    its test and the folder that this was rendered to. What is said of a layer stands in
    it as the user wrote it."""

    target: str
    args: str | None = None
    inputs: tuple[str, ...] = ()
    call_args: str | None = None
    mask: str | None = None
    open_axes: tuple[str, ...] = ()
    mixes_rows: bool = False
    training: bool = False
    random: bool = False
    gradient: str | None = None
    zero_gradients: tuple[str, ...] = ()
    losses: int | None = None
    expect: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    strict: bool = False
    test: str = ""
    folder: str = ""


@contextmanager
def running(request: Request, scratch: Path) -> Iterator[Iterator[Event]]:
    """Start the process; what it tells, as it comes. It is gone afterwards.

    Its temporary files lie in `scratch`, for one that is ended does not delete them.
    """
    # Where standard error is closed, the pipe may take its number.
    errors = None if _is_open(2) else subprocess.DEVNULL
    reading, writing = os.pipe()
    process = None
    try:
        with interrupts.held():
            process = _started(request, scratch, writing, errors)
        Thread(target=_tell_end, args=(process, writing), daemon=True).start()
        with open(reading, encoding="utf-8", errors="replace") as lines:
            yield _events(lines)
    finally:
        if process:
            process.kill()
            process.wait()


def _started(
    request: Request, scratch: Path, writing: int, errors: int | None
) -> subprocess.Popen[bytes]:
    """Start it with this one's import path and arguments, as if it were this one."""
    program = (
        f"import sys; sys.path[:] = {sys.path!a}; sys.argv[:] = {sys.argv!a}; "
        f"from layergen.commands import verify_checking; verify_checking.main({asdict(request)!a})"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=writing,
        stderr=errors,
        env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))},
    )


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _tell_end(process: subprocess.Popen[bytes], writing: int) -> None:
    """Write the last event when the process ends, whoever else holds the pipe then."""
    code = process.wait()
    event = ENDED, f"exit code {code}" if code >= 0 else signal.Signals(-code).name
    with suppress(BrokenPipeError):  # Nobody listens after an error.
        os.write(writing, f"\n{json.dumps(event)}\n".encode())
    os.close(writing)


def _events(lines: Iterator[str]) -> Iterator[Event]:
    """The events among the lines; others were printed before the pipe was private."""
    for line in lines:
        try:
            kind, data = json.loads(line)
        except (ValueError, TypeError):
            if line.strip():
                click.echo(line, nl=False, err=True)
            continue
        yield kind, data
        if kind == ENDED:
            return
