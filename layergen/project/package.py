"""What layers of one package have to do with each other."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePath

from msgspec import Struct
from msgspec.structs import replace

from layergen.errors import UserError
from layergen.project.build import Build
from layergen.project.digests import folded
from layergen.project.exports import BEGIN, exported, split, with_exports
from layergen.project.lock import Record
from layergen.project.plan import Change, Overwrite, Planned, same
from layergen.project.states import Why
from layergen.project.survey import Survey, stem_of


def held_to_modules(survey: Survey, builds: Mapping[str, Build]) -> Mapping[str, Build]:
    """The builds, with a problem for each layer of another spec that there is not."""
    if not any(one.neighbours for one in builds.values()):
        return builds
    from layergen.project.strangers import refused

    return refused(survey, builds)


def refuse_same_names(builds: Iterable[Build]) -> None:
    """No two specs may make layers of one name: Keras would know but one of them.

    Raises:
        UserError: If two do.
    """
    makers: dict[str, str] = {}
    for one in builds:
        for name in one.exports:
            other = makers.setdefault(name, one.source.file)
            if other != one.source.file:
                raise UserError(f"{other} and {one.source.file} both make `{name}`.")


def exports_change(
    survey: Survey,
    records: Mapping[str, Record],
    overwrite: Overwrite,
) -> tuple[Change, ...]:
    """What becomes of the file with the exports, and of that of a package left behind.

    A block is generated if it holds nothing but names of layers that are, or were, or
    whose modules are not there: nobody can import those.
    """
    project = survey.project
    names = [*_exporting(survey, records)]
    if not project.exports:
        return ()
    known = {(stem, name) for stem, listed in names for name in listed}
    for lock in survey.locks:
        for spec, record in lock.specs.items():
            known |= {(stem_of(spec), name) for name in record.exports}
    left = _left_behind(survey)
    packages = [project.config.package, *chain.from_iterable(map(_import_names, left))]
    block = _Block(survey, known, overwrite == "anything")
    found = [block.change(project.exports, project.config.package, names, packages)]
    block = replace(block, free=False)
    for folder in left:
        place = f"{folder}/__init__.py"
        if BEGIN.encode() in (survey.read(place) or b""):
            found.append(block.change(place, folder, [], packages))
    return tuple(change for change in found if change)


class _Block(Struct, frozen=True):
    """Writes blocks of exports; over others than generated ones if `free`.

    `known` are the modules and names that are, or were, exported.
    """

    survey: Survey
    known: Collection[tuple[str, str]]
    free: bool

    def change(
        self,
        place: str,
        package: str,
        names: Sequence[tuple[str, tuple[str, ...]]],
        packages: Iterable[str],
    ) -> Change | None:
        """What becomes of the file at a place, whose imports may be from `packages`."""
        project = self.survey.project
        data, shown = self.survey.read(place), project.shown(place)
        try:
            old = None if data is None else folded(data).decode()
        except UnicodeDecodeError:
            raise UserError(f"{shown} is not text in UTF-8.") from None
        lay_out = project.config.formatter.formatted_block
        text = with_exports(old, str(shown), package, names, lay_out)
        if text is None:
            return None
        target = self.survey.inside.target(place)
        planned = Planned(shown, target, text, "the exports")
        if old is None:
            return Change(planned, "created", None)
        if text == old:
            return Change(planned, "unchanged", data)
        block, folder = split(old, str(shown))[1], project.root / PurePath(place).parent
        free = self.free or self._is_generated(block, folder, packages)
        if free:
            return Change(planned, "updated", data)
        return Change(planned, "kept", data, Why.BLOCK)

    def _is_generated(self, block: str, folder: Path, packages: Iterable[str]) -> bool:
        read = (exported(block, package) for package in packages) if block else [set()]
        there = next((pairs for pairs in read if pairs is not None), None)
        if there is None:
            return False
        others = {stem for stem, _ in there - {*self.known}}
        files = (folder / name for stem in others for name in (stem, f"{stem}.py"))
        return not any(map(os.path.lexists, files))


def _left_behind(survey: Survey) -> list[str]:
    """The folders, not the package's, that modules on record are in."""
    project = survey.project
    folders = {
        path.rpartition("/")[0]
        for spec, record in survey.lock.specs.items()
        if not record.ejected
        for path in record.files
        if path.rpartition("/")[2] == f"{stem_of(spec)}.py"
    }
    return sorted(f for f in folders if f and same(f) != same(project.package))


def _import_names(folder: str) -> list[str]:
    """What a package in a folder may be imported as; which it was, nothing records."""
    parts = PurePath(folder).parts
    return [".".join(parts[begin:]) for begin in reversed(range(len(parts)))]


def _exporting(
    survey: Survey, records: Mapping[str, Record]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Modules with the names to export; of ejected ones those that are there.

    Raises:
        UserError: If two specs make layers of one name.
    """
    makers: dict[str, str] = {}
    for spec, record in records.items():
        stem = stem_of(spec)
        path = survey.project.files(stem)[f"{stem}.py"]
        gone = record.ejected and survey.read(path) is None
        if path not in record.files or gone:
            continue
        for name in record.exports:
            other = makers.setdefault(name, spec)
            if other != spec:
                raise UserError(_two_makers(survey, name, (other, spec)))
        yield stem, record.exports


def _two_makers(survey: Survey, name: str, specs: tuple[str, str]) -> str:
    """That two specs make layers of one name, of which the user may own one."""
    yours = [spec for spec in specs if survey.is_ejected(spec)]
    one, two = (survey.project.shown(spec) for spec in specs)
    if len(yours) != 1:
        return f"{one} and {two} both make `{name}`."
    stem = stem_of(yours[0])
    module = survey.project.shown(survey.project.files(stem)[f"{stem}.py"])
    what = (
        "out of the package's exports" if survey.project.exports else "off the record"
    )
    return (
        f"`{name}` of {module} is yours, and {two if yours[0] == specs[0] else one} makes "
        f"it as well: `layergen remove {stem}` takes yours {what}."
    )
