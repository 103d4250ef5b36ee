"""Only regular files are read, at once and never past their limit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from layergen.reading import Refused, TooLarge, read_beginning, read_regular


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 2048)
    assert read_regular(file, 2048) == b"x" * 2048
    assert read_beginning(file, 7) == b"x" * 7
    with pytest.raises(TooLarge) as refused:
        read_regular(file, 2047)
    assert refused.value.strerror == "it has more than 2,047 bytes"


def test_no_more_is_read_than_shows_that_the_limit_is_passed(tmp_path: Path) -> None:
    """A file of a TiB that takes no room on the disk."""
    file = tmp_path / "a"
    with file.open("wb") as stream:
        stream.truncate(2**40)
    with pytest.raises(TooLarge):
        read_regular(file, 1024)


def test_room_is_made_for_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, read = [], os.read

    def counted(descriptor: int, size: int) -> bytes:
        asked.append(size)
        return read(descriptor, min(size, 100))

    file = tmp_path / "a"
    file.write_bytes(bytes(range(250)))
    monkeypatch.setattr(os, "read", counted)
    assert read_regular(file, 2**23) == bytes(range(250))
    assert len(asked) == 4 and max(asked) < 2**13


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no such files")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    path = {"pipe": tmp_path / "p", "device": Path("/dev/zero"), "folder": tmp_path}
    os.mkfifo(path["pipe"])
    with pytest.raises(Refused, match=f"it is a {kind}, no file"):
        read_regular(path[kind], 10)


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    (tmp_path / "b").symlink_to("a")
    assert read_regular(tmp_path / "b", 10) == b"text"


def test_nothing_stays_open(tmp_path: Path) -> None:
    """The next file that is opened has the number of the one before."""
    first = os.open(os.devnull, os.O_RDONLY)
    os.close(first)
    with pytest.raises(Refused):
        read_regular(tmp_path, 10)
    second = os.open(os.devnull, os.O_RDONLY)
    os.close(second)
    assert first == second
