"""Fresh processes for the battery, forked before the mutant is imported.

The battery starts its fresh process by `subprocess.Popen`, which imports TensorFlow
anew. A fork of the warm process is as fresh: it has imported TensorFlow and Keras, no
layer, and has run no operation.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import traceback
from types import SimpleNamespace
from typing import Any

from layergen.testing import fresh


def spare() -> None:
    """Forks a process that waits, and gives it to the battery when it asks for one."""
    ends = [os.pipe(), os.pipe()]
    (its_input, our_output), (our_input, its_output) = ends
    pid = os.fork()
    if pid == 0:
        os.close(our_output)
        os.close(our_input)
        become(its_input, its_output)
    os.close(its_input)
    os.close(its_output)
    process = Forked(pid, our_output, our_input)
    taken = SimpleNamespace(PIPE=subprocess.PIPE, Popen=process.take)
    fresh.subprocess = taken  # type: ignore[attr-defined]


def become(input: int, output: int) -> None:
    """Waits for the path of a script and environment variables, then runs it."""
    os.dup2(input, 0)
    os.dup2(output, 1)
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            os._exit(0)  # Nobody asked.
        line += byte
    script, *environment = line.decode().rstrip("\n").split("\0")
    os.environ.update(one.split("=", 1) for one in environment)
    sys.argv = [script]
    sys.stdin = os.fdopen(0)  # `multiprocessing` has closed it to forks.
    try:
        runpy.run_path(script, run_name="__main__")
    except BaseException:
        traceback.print_exc()
    os._exit(0)


class Forked:
    """A forked process, as far as the battery uses `subprocess.Popen`."""

    def __init__(self, pid: int, input: int, output: int) -> None:
        self.pid = pid
        self.stdin = os.fdopen(input, "w")
        self.stdout = os.fdopen(output)
        self.code: int | None = None

    def take(self, command: list[str], *, env: dict[str, str], **_: Any) -> Forked:
        """Stands in for `subprocess.Popen` of a Python script."""
        new = [f"{k}={v}" for k, v in env.items() if os.environ.get(k) != v]
        self.stdin.write("\0".join([command[1], *new]) + "\n")
        self.stdin.flush()
        return self

    def poll(self) -> int | None:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = status if pid else None
        return self.code

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        if self.code is None:
            self.code = os.waitpid(self.pid, 0)[1]
