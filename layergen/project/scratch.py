"""A folder in which a project is made before it is put in its place.

A run that is killed leaves it behind, and the next one takes it away. Only what is surely
a run's own is touched: such a folder has a name and a mark that nobody else gives. What
was moved out of it goes as well where the project is to be made anew, if nobody has put
or changed anything there since.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from layergen.project.digests import of_bytes
from layergen.project.running import NAME as RUNNING
from layergen.project.running import alone
from layergen.reading import read_regular

MARK = "made-by-layergen-init"
_FOLDER = re.compile(r"\.layergen-init-[0-9a-f]{16}")
_LIMIT = 2**20
_KEPT = (".git", RUNNING)


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A new folder in a folder, for as long as it is needed."""
    path = folder / f".layergen-init-{os.urandom(8).hex()}"
    path.mkdir(0o700)
    try:
        (path / MARK).touch()
        yield path
    finally:
        _discard(path)


def record(path: Path, project: Path) -> None:
    """Note in the mark what is about to be moved out of a project made in there."""
    files = (p for p in project.rglob("*") if p.is_file())
    digests = {
        p.relative_to(project).as_posix(): of_bytes(p.read_bytes()) for p in files
    }
    (path / MARK).write_text(json.dumps(digests), "utf-8")


def settle(target: Path, waiting: Callable[[], None]) -> None:
    """Take away what killed runs have left of a project at `target`, and around it."""
    for folder in (target, target.parent):
        if [*_left(folder)] or (folder / RUNNING).is_file():
            with alone(folder, waiting):
                sweep(folder, target)


def sweep(folder: Path, target: Path) -> None:
    """The same in one folder, for the one run that may write there."""
    with suppress(OSError):
        for path in _left(folder):
            moved = {*_moved(path, folder)} if folder == target else set()
            if moved.issuperset(_files(folder)):
                for file in moved:
                    file.unlink()
                    _remove_empty(file.parent, folder)
            _discard(path)


def strangers(folder: Path) -> list[str]:
    """The names of what is in a folder and no run's; `.git` may be there."""
    return sorted(name for name in os.listdir(folder) if name not in _KEPT)


def _left(folder: Path) -> Iterator[Path]:
    """The folders that runs have left: with the mark, or with nothing in them yet."""
    with suppress(OSError):
        for name in os.listdir(folder):
            path = folder / name
            if _FOLDER.fullmatch(name) and path.is_dir() and not path.is_symlink():
                inside = os.listdir(path)
                if not inside or MARK in inside:
                    yield path


def _files(folder: Path) -> Iterator[Path]:
    """The files in a folder, but for those in `.git` and in what runs have left."""
    ignored = {*_KEPT, *(path.name for path in _left(folder))}
    for parent, folders, files in os.walk(folder):
        if Path(parent) == folder:
            folders[:] = [name for name in folders if name not in ignored]
            files = [name for name in files if name not in ignored]
        links = [name for name in folders if Path(parent, name).is_symlink()]
        yield from (Path(parent, name) for name in (*files, *links))


def _moved(path: Path, folder: Path) -> Iterator[Path]:
    """The files that a run has moved out of its folder and nobody has changed since."""
    try:
        digests = json.loads(read_regular(path / MARK, _LIMIT) or b"{}")
    except (OSError, ValueError, RecursionError):
        return
    for name, digest in digests.items() if isinstance(digests, dict) else ():
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\0" in name:
            continue
        file = folder / place
        with suppress(OSError, ValueError):
            there = file.resolve() == folder.resolve() / place
            if there and of_bytes(read_regular(file, _LIMIT)) == digest:
                yield file


def _remove_empty(folder: Path, root: Path) -> None:
    """Delete a folder, and those around it below the root, while nothing is in them."""
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _discard(path: Path) -> None:
    """Delete such a folder; the mark stays until nothing else does."""
    with suppress(OSError):
        for name in os.listdir(path):
            inner = path / name
            if name != MARK:
                inner.unlink() if not inner.is_dir() else shutil.rmtree(inner)
        (path / MARK).unlink(missing_ok=True)
        path.rmdir()
