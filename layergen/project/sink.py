"""Writing what is planned. The only code that writes.

Every new text is first written beside its place, the lock's among them. Only then are
they moved over what is there, files that are to go are deleted, and last of all the new
lock takes its place. Meanwhile a file beside the lock says what it is going to record, so
that after a run that was cut off either text of a file is known for generated.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from layergen.errors import UserError, reason
from layergen.project.plan import LIMIT, Change
from layergen.reading import read_regular

_SUFFIX = ".layergen-tmp"
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{8}\.layergen-tmp")


class NewLock(Struct, frozen=True):
    """A lock's new text and its place; until it holds, `notes` lie in `pending`."""

    text: str
    path: Path
    notes: str
    pending: Path


def write(changes: Iterable[Change], lock: NewLock | None = None) -> None:
    """Write what is created or updated, delete what is deleted, and record it.

    Where the text of one cannot be laid beside its place, or somebody has changed one
    meanwhile, none is written. A move that fails leaves those before it done.
    """
    todo = [c for c in changes if c.status in ("created", "updated", "deleted")]
    staged: list[tuple[Path, Change]] = []
    made: list[Path] = []
    record: Path | None = None
    # Notes are needed from the first move on, and those of earlier runs in any case.
    noted = lock is not None and lock.pending.exists()
    where = ""
    try:
        for change in todo:
            where = str(change.planned.path)
            if change.planned.text is not None:
                staged.append((_stage(change, made), change))
        if lock:
            where = str(lock.path)
            record = _beside(lock.path)
            _create(record, lock.text, None, durable=True)
            _write_beside(lock.pending, lock.notes)
        for change in todo:
            where = str(change.planned.path)
            _refuse_newer(change)
        for temporary, change in staged:
            where = str(change.planned.path)
            _refuse_newer(change)
            os.replace(temporary, change.planned.target)
            noted = True
            made.clear()
        for change in todo:
            if change.planned.text is None:
                where = str(change.planned.path)
                _refuse_newer(change)
                os.unlink(change.planned.target)
                noted = True
        if lock and record:
            where = str(lock.path)
            os.replace(record, lock.path)
    except OSError as error:
        raise UserError(f"cannot write {where}: {reason(error)}.") from None
    finally:
        for temporary, _ in staged:
            with suppress(OSError):
                os.unlink(temporary)
        if record:
            with suppress(OSError):
                os.unlink(record)
        if lock and not noted:
            discard(lock.pending)
        for folder in reversed(made):
            with suppress(OSError):
                os.rmdir(folder)


def clean(folders: Sequence[Path]) -> None:
    """Delete what runs that were cut off have left beside the files they wrote."""
    for folder in folders:
        with suppress(OSError):
            for name in os.listdir(folder):
                if name.endswith(_SUFFIX) and _TEMPORARY.fullmatch(name):
                    os.unlink(folder / name)


def discard(pending: Path) -> None:
    """Drop the notes of a run: what it was to write is written, or not begun."""
    with suppress(OSError):
        os.unlink(pending)


def _stage(change: Change, made: list[Path]) -> Path:
    """Write the new text beside its place, with the mode of the file that is there."""
    target, text = change.planned.target, change.planned.text
    assert text is not None
    make_folder(target.parent, made)
    temporary = _beside(target)
    mode = None
    if change.old is not None:
        mode = stat.S_IMODE(os.stat(target).st_mode)
    _create(temporary, text, mode)
    return temporary


def _write_beside(target: Path, text: str) -> None:
    """Write a file at once; it is on the disk when it is in its place."""
    temporary = _beside(target)
    try:
        _create(temporary, text, None, durable=True)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _create(path: Path, text: str, mode: int | None, durable: bool = False) -> None:
    data = memoryview(text.encode("utf-8", "surrogateescape"))
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        try:
            while data:
                data = data[os.write(file, data) :]
            if durable:
                os.fsync(file)
        finally:
            os.close(file)
        if mode is not None:
            os.chmod(path, mode)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.urandom(4).hex()}{_SUFFIX}")


def make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those around it; `made` lists the new ones."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        os.mkdir(one)
        made.append(one)


def _refuse_newer(change: Change) -> None:
    """A file that somebody has changed meanwhile is not for us to replace."""
    try:
        now: bytes | None = read_regular(change.planned.target, LIMIT)
    except FileNotFoundError:
        now = None
    if now != change.old:
        raise UserError(
            f"{change.planned.path} has just been changed by somebody else; run this "
            f"again."
        )


_BINARY = getattr(os, "O_BINARY", 0)
