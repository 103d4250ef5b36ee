"""One run at a time: a lock of the operating system on a file in the folder.

The system releases the lock of a process that ends, however it ends; the file alone
says nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = ".layergen.running"
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def alone(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Be the only run that writes in a folder; `waiting` is called before a wait.

    Where its file cannot be made in the folder, runs are not kept apart.
    """
    path = folder / NAME
    held = None
    while held is None:
        try:
            held = os.open(path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o666)
        except OSError:
            break
        if not _locked(held, wait=False):
            waiting()
            _locked(held, wait=True)
        # The run before this one took the file away as it ended.
        if not _is_still(path, held):
            os.close(held)
            held = None
    try:
        yield
    finally:
        if held is not None:
            with suppress(OSError):
                os.unlink(path)
            os.close(held)


def _is_still(path: Path, held: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(held))
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt
    import time

    def _locked(file: int, wait: bool) -> bool:
        while True:
            try:
                msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
                time.sleep(0.1)

else:
    import fcntl

    def _locked(file: int, wait: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        except OSError:
            # A file system without locks: nothing can be kept apart on it.
            return True
        return True
