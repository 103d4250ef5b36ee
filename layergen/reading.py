"""Files that come from elsewhere, read without waiting and without end.

A name may stand for a pipe, a device or a file of any length: only a regular file is
read, and never past a limit.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
# Opening waits for nothing: neither for the other end of a pipe nor for a terminal.
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


class Refused(OSError):
    """A file that is not read; `strerror` says why, as the system's own errors do."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(0, why, str(path))


class TooLarge(Refused):
    """A file of more bytes than its limit."""


def read_regular(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Raises:
        TooLarge: If there are more; no more than one past the limit is read.
        Refused: If it is a folder, a pipe, a device or the like.
        OSError: If the system does not let it be read.
    """
    data = read_beginning(path, limit + 1)
    if len(data) > limit:
        raise TooLarge(path, f"it has more than {limit:,} bytes")
    return data


def read_beginning(path: Path, size: int) -> bytes:
    """The first `size` bytes of a regular file, or all where it has fewer.

    What was opened is what is judged and read, whatever becomes of the name meanwhile.

    Raises:
        Refused: If it is a folder, a pipe, a device or the like.
        OSError: If the system does not let it be read.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        kind = stat.S_IFMT(status.st_mode)
        if kind != stat.S_IFREG:
            raise Refused(path, f"it is {_KINDS.get(kind, 'something else')}, no file")
        # What is asked for is made room for: no more than there seems to be.
        room, data = status.st_size + 4096, b""
        while more := os.read(descriptor, min(room, size - len(data))):
            data += more
        return data
    finally:
        os.close(descriptor)
