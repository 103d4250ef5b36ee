"""Ctrl-C: whatever a command is at, it ends in one line and an exit code of its own.

What is half done then is undone on the way out, as after any other exception; and a run
that does not get so far leaves nothing that the next one cannot finish.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

EXIT_CODE = 130  # What shells say of a process that SIGINT has ended.


class Interrupted(BaseException):
    """The user wants the command to end.

    No `KeyboardInterrupt`, which libraries turn into an answer or an error of their own.
    """


def watch() -> None:
    """Answer Ctrl-C with `Interrupted`, and a second one by ending at once.

    Where the process is told to ignore it, as a shell's background jobs are, it does.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _first)
        sys.unraisablehook = _unraisable


def stop() -> NoReturn:
    """Tell that the command was interrupted, and end the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        if sys.stderr is not None:  # Else 2 may be the number of another file.
            # A terminal has put `^C` on the line that the cursor stands in.
            start = "\n" if os.isatty(2) else ""
            os.write(2, f"{start}Aborted!\n".encode())
    finally:
        os._exit(EXIT_CODE)


def came() -> bool:
    """Whether the user has interrupted the command, and something has kept it alive."""
    return signal.getsignal(signal.SIGINT) is _second


@contextmanager
def held() -> Iterator[None]:
    """Let an interrupt wait, and keep it from the processes that are started meanwhile."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_parent() -> None:
    """Ignore Ctrl-C, in a process started while it was held: it is for the one that the
    user has started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _first(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, _second)
    raise Interrupted


def _second(*_: object) -> NoReturn:
    stop()


def _unraisable(what: Any) -> None:
    """End where Python would print the exception, and go on as if it had not been."""
    if isinstance(what.exc_value, Interrupted):
        stop()
    sys.__unraisablehook__(what)
