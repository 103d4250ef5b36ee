"""What a project holds: specs, the lock's records of them, and the state of each file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from layergen.errors import UserError, reason
from layergen.layout.formatting import Formatting
from layergen.nearest import question
from layergen.project import lock as locks
from layergen.project.config import Project
from layergen.project.digests import made_from, of_generator
from layergen.project.interrupted import interrupted, with_interrupted
from layergen.project.lock import Lock, Written
from layergen.project.plan import Inside, present, same
from layergen.project.source import Source, find_specs, names_in, read_source
from layergen.project.states import (
    Known,
    Standing,
    State,
    standing,
)


class Survey(Struct, frozen=True, dict=True):
    """A project as it is.

    `sources` are its specs by their places; `lock` is what is on record, with what runs
    that were cut off have written besides; `locks` are the record alone, and what those
    runs were about to record. `lock_data` is what the lock's file holds.
    """

    project: Project
    sources: Mapping[str, Source]
    lock: Lock
    locks: tuple[Lock, ...]
    lock_data: bytes | None
    inside: Inside

    @cached_property
    def generator(self) -> str:
        """The digest of all that files rest on beside their spec."""
        return of_generator(self.project.config)

    @property
    def formatting(self) -> Formatting:
        """How files are formatted now."""
        return self.project.config.formatter.formatting

    def refuse_other_formatting(self) -> None:
        """Files formatted otherwise can differ in all, and nobody has changed anything.

        Raises:
            UserError: If those on record were not formatted as they are now.
        """
        old, new = self.lock.formatting, self.formatting
        if old and old != new:
            raise UserError(
                f"{self.project.shown(locks.NAME)} is of files formatted by {old}, and "
                f"this is {new}: `layergen generate` formats them anew and records that."
            )

    def places(self, spec: str) -> dict[str, str]:
        """The places of a spec's module and test, by their names."""
        return self.project.files(stem_of(spec))

    @cached_property
    def made(self) -> frozenset[str]:
        """The places of all that the specs make."""
        return frozenset(
            path for spec in self.sources for path in self.places(spec).values()
        )

    def made_from(self, source: Source) -> str:
        """What a spec's files are made from now."""
        return made_from(source.sha256, self.generator)

    def read(self, path: str) -> bytes | None:
        """A file of the project, if it is there."""
        return present(self.inside.target(path), self.project.shown(path))

    def is_ejected(self, spec: str) -> bool:
        """Whether a spec's files are the user's."""
        record = self.lock.specs.get(spec)
        return record is not None and record.ejected

    def is_current(self, spec: str) -> bool:
        """Whether a spec's files are on record and as recorded, made from what is now."""
        record = self.lock.specs.get(spec)
        if record is None or {*record.files} != {*self.places(spec).values()}:
            return False
        return all(
            self.standing(spec, path).state is State.CURRENT for path in record.files
        )

    def standing(self, spec: str, path: str, text: str | None = None) -> Standing:
        """How a file of a spec stands to it; `text` is what it is to hold, if known."""
        record, source = self.lock.specs.get(spec), self.sources.get(spec)
        if record and record.ejected:
            return Standing(State.YOURS)
        if source is None or path not in self.places(spec).values():
            return Standing(State.ORPHANED)
        own = record.files.get(path) if record else None
        written = [own] if own else self.generated(path)
        is_recorded, made_from = self.is_recorded(path), self.made_from(source)
        return standing(self.read(path), written, is_recorded, made_from, text)

    def known(self, path: str) -> Known:
        """What is on record of a place."""
        digests = {written.sha256 for written in self.generated(path)}
        return Known(digests, self.is_recorded(path))

    def is_recorded(self, path: str) -> bool:
        """Whether the record names a place, under any case of its letters."""
        return same(path) in self._recorded

    @cached_property
    def _recorded(self) -> set[str]:
        records = self.lock.specs.values()
        return {same(path) for record in records for path in record.files}

    def generated(self, path: str) -> Sequence[Written]:
        """What the file in a place is as, if it is as it was generated.

        Where nothing is on record of the place: all that was generated to places where
        nothing is any longer, since somebody may have moved it.
        """
        return self._on_record.get(same(path)) or self._moved

    @cached_property
    def _on_record(self) -> dict[str, list[Written]]:
        """What was generated to each place, under any case of its letters."""
        found: dict[str, list[Written]] = {}
        for record in self.lock.specs.values():
            for path, written in record.files.items():
                if written:
                    found.setdefault(same(path), []).append(written)
        return found

    @cached_property
    def _moved(self) -> list[Written]:
        """What was generated to places where nothing is any longer."""
        return [
            written
            for record in self.lock.specs.values()
            for path, written in record.files.items()
            if written and not os.path.lexists(self.project.root / path)
        ]

    @property
    def gone(self) -> list[str]:
        """The specs on record that are no more, and whose files were not ejected."""
        return [
            spec
            for spec, record in self.lock.specs.items()
            if spec not in self.sources and not record.ejected
        ]


def stem_of(spec: str) -> str:
    """What module and test of a spec are named after."""
    return spec.rpartition("/")[2].removesuffix(".yaml")


def survey(project: Project, extra: Mapping[str, Source] | None = None) -> Survey:
    """Look at a project; `extra` are specs that are to be.

    Raises:
        UserError: If the lock or a spec cannot be read, or two specs are for one file.
    """
    inside = Inside(project.root, project.here)
    data = present(inside.target(locks.NAME), project.shown(locks.NAME))
    lock = Lock()
    if data is not None:
        lock = locks.parsed(data, str(project.shown(locks.NAME)))
    known = (lock, *interrupted(project))
    for pending in known[1:]:
        lock = with_interrupted(lock, pending, inside)
    sources = _sources(project, lock, inside) | dict(extra or {})
    _refuse_same_files(project, sources)
    return Survey(project, sources, lock, known, data, inside)


def named(
    project: Project, paths: Iterable[Path]
) -> tuple[dict[str, Source], list[UserError]]:
    """The specs that the user named, by their places; with them, what is no such spec."""
    found: dict[str, Source] = {}
    errors: list[UserError] = []
    for path in dict.fromkeys(paths):
        try:
            source = read_source(path)
            found[_place(project, path)] = source
        except UserError as error:
            errors.append(error if path.exists() else _absent(project, path, error))
    return found, errors


def _absent(project: Project, path: Path, error: UserError) -> UserError:
    """A file that is not there, though perhaps in the folder of the specs."""
    meant = project.root / project.specs / path.with_suffix(".yaml").name
    if not meant.exists():
        return error
    shown = project.shown(meant.relative_to(project.root).as_posix())
    return UserError(f"{path} is not there ({question(str(shown))}).")


def _place(project: Project, path: Path) -> str:
    """The place of a spec that the user named."""
    try:
        place = path.parent.resolve() / path.name
    except OSError as error:
        raise UserError(f"cannot read {path}: {reason(error)}.") from None
    specs = project.root / project.specs
    if project.package and place.parent != specs:
        raise UserError(
            f"{path} is not in {project.shown(project.specs or '.')}, where the specs of "
            f"this project are; `--out DIR` renders any spec."
        )
    if not place.is_relative_to(project.root):
        raise UserError(
            f"{path} is not below this folder, where the files would go; `--out DIR` "
            f"renders any spec."
        )
    return place.relative_to(project.root).as_posix()


def _sources(project: Project, lock: Lock, inside: Inside) -> dict[str, Source]:
    """The specs by their places; those of a bare folder, and others that it has record of."""
    if project.package:
        folder = project.root / project.specs
        prefix = f"{project.specs}/" if project.specs else ""
        shown = project.shown(project.specs or ".")
        paths = [prefix + name for name in names_in(folder, shown)]
    else:
        paths = [path.name for path in find_specs(project.root)]
        paths += [
            path
            for path in lock.specs
            if path not in paths and (project.root / path).is_file()
        ]
    found = {}
    for path in paths:
        inside.target(path)
        found[path] = read_source(project.root / path, project.shown(path))
    return found


def _refuse_same_files(project: Project, sources: Iterable[str]) -> None:
    """No two specs may write one file, nor files that a file system takes for one."""
    claimed = (
        {same(project.exports): "the package's exports"} if project.exports else {}
    )
    for spec in sources:
        this = str(project.shown(spec))
        for path in project.files(stem_of(spec)).values():
            other = claimed.setdefault(same(path), this)
            if other == this:
                continue
            if same(other) == same(this):
                raise UserError(
                    f"{other} and {this} differ in nothing but the case of letters, and "
                    f"{path} would be one file on some systems: rename one of them."
                )
            raise UserError(
                f"{other} and {this} would both write {project.shown(path)}."
            )
