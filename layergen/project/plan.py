"""Which files there are to be, decided in memory and compared with what is there.

Nothing here writes.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from layergen.errors import UserError, reason
from layergen.project.digests import folded
from layergen.project.states import Known, Why, says_generated, why_left
from layergen.reading import read_regular

LIMIT = 2**23
"""The longest file of a project that is read, in bytes."""

Overwrite = Literal["nothing", "generated", "known", "anything"]
"""Which files may be replaced by another text.

`generated` are those that begin with layergen's header, `known` those whose digest is on
record as well.
"""


class Planned(Struct, frozen=True):
    """A file that is to be, or with `text` of None is to be no more.

    `path` is as the user would call it, `target` resolved, `source` what it is made from.
    """

    path: Path
    target: Path
    text: str | None
    source: str


class Change(Struct, frozen=True):
    """What a planned file means.

    `status` is `created`, `updated`, `deleted`, `unchanged`, or `kept` where a file is
    there that may not be touched; `old` is what is there, and `why` it is kept, where it
    is because it is not layergen's.
    """

    planned: Planned
    status: str
    old: bytes | None
    why: Why | None = None


class Plan:
    """Files of one folder, `root`; each is planned once, and none leads out of it.

    `here` is where the user stands, if the files are to be called from there.
    """

    def __init__(self, root: Path, here: Path | None = None) -> None:
        self._root = root
        self._here = here
        self._inside = Inside(root, here)
        self._files: dict[tuple[bool, str], Planned] = {}

    def add(self, path: str, text: str | None, source: str) -> Path:
        """Plan a file by its path from the root; returns where it is."""
        shown = _shown(self._root / path, self._here)
        target = self._inside.target(path, follow=text is not None)
        planned = Planned(shown, target, text, source)
        # One file may go for another whose name differs in case alone.
        goes = text is None
        key = goes, str(target) if goes else same(str(target))
        earlier = self._files.setdefault(key, planned)
        if earlier is not planned:
            raise UserError(
                f"{earlier.source} and {source} would both write {planned.path}."
            )
        return planned.target

    def changes(
        self, overwrite: Overwrite, known: Mapping[Path, Known] | None = None
    ) -> tuple[Change, ...]:
        """Compare with the files that are there.

        `known` is what is on record of each. Only generated files are deleted.
        """
        known = known or {}
        found = (
            _change(file, overwrite, known.get(file.target, Known()))
            for file in self._files.values()
        )
        return tuple(change for change in found if change)


class Inside:
    """Paths below a root folder, resolved; each folder is looked at once.

    What is in a folder that is inside is inside, unless it is a link. `here` is where the user stands, if errors are to name files from there.
    """

    def __init__(self, root: Path, here: Path | None = None) -> None:
        self._given = root
        self._here = here
        self._root = self._resolved(root)
        self._folders: dict[str, tuple[Path, bool]] = {}

    def target(self, path: str, follow: bool = True) -> Path:
        """Where a path of the root leads; `follow` it also if it is a symbolic link.

        Raises:
            UserError: If that is not in the root.
        """
        folder, name = os.path.split(path)
        if folder not in self._folders:
            place = self._resolved(self._given / folder)
            self._folders[folder] = place, place.is_relative_to(self._root)
        place, is_inside = self._folders[folder]
        target = place / name
        if not name or (follow and os.path.islink(target)):
            target = self._resolved(self._given / path)
            is_inside = target.is_relative_to(self._root)
        if not is_inside:
            shown = _shown(self._given / path, self._here)
            raise UserError(f"{shown} leads out of its folder, to {target}.")
        return target

    def _resolved(self, path: Path) -> Path:
        try:
            return path.resolve()
        except (OSError, RuntimeError):
            shown = _shown(path, self._here)
            raise UserError(f"{shown} is a symbolic link that leads nowhere.") from None


def same(path: str) -> str:
    """What paths have in common that one file system or another takes for the same."""
    return unicodedata.normalize("NFC", path).casefold()


def present(target: Path, path: Path) -> bytes | None:
    """The bytes of a file, if it is there; `path` is what an error calls it."""
    try:
        return read_regular(target, LIMIT)
    except FileNotFoundError:
        return None
    except OSError as error:
        if os.path.isdir(target):
            why = "is a folder; a file is to be written there"
            raise UserError(f"{path} {why}.") from None
        obstacle = in_the_way(path)
        if obstacle is not None:
            why = "is a file; a folder is to be there"
            raise UserError(f"{obstacle} {why}.") from None
        raise UserError(f"cannot read {path}: {reason(error)}.") from None


def in_the_way(path: Path) -> Path | None:
    """What is there in place of a folder around a path, and is none."""
    for folder in reversed(path.parents):
        if os.path.lexists(folder) and not os.path.isdir(folder):
            return folder
    return None


def _change(planned: Planned, overwrite: Overwrite, known: Known) -> Change | None:
    old = present(planned.target, planned.path)
    if planned.text is None:
        if old is None:
            return None
        why = why_left(old, known, os.path.islink(planned.target))
        return Change(planned, "kept" if why else "deleted", old, why)
    if old is None:
        return Change(planned, "created", None)
    if folded(old) == planned.text.encode():
        return Change(planned, "unchanged", old)
    why = why_left(old, known)
    free = overwrite == "anything" or (overwrite == "known" and not why)
    free |= overwrite == "generated" and says_generated(old)
    if free:
        return Change(planned, "updated", old)
    return Change(planned, "kept", old, why)


def _shown(path: Path, here: Path | None) -> Path:
    return path if here is None else Path(os.path.relpath(path, here))
