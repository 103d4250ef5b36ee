"""What is to be written so that a project is as its specs say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from layergen import __version__
from layergen.layout.formatting import Formatting
from layergen.problems import Problem
from layergen.project import lock as locks
from layergen.project.build import Build
from layergen.project.digests import of_text
from layergen.project.guard import breaking_changes, layers_of
from layergen.project.lock import Lock, Record, Written
from layergen.project.package import exports_change
from layergen.project.plan import Change, Overwrite, Plan, same
from layergen.project.sink import NewLock
from layergen.project.states import says_generated
from layergen.project.survey import Survey, stem_of

Place = tuple[str, str]
"""A spec, and the path of a file that comes of it."""

Status = Mapping[Place, str]
"""The status of planned files, as `Change` has it."""


class Refresh(Struct, frozen=True):
    """The changes of files, and the lock that records them, if it changes.

    `breaking` are changes of weights that files saved from trained models do not survive;
    `orphans` are the files of specs that are gone, by spec.
    """

    changes: tuple[Change, ...]
    lock: NewLock | None
    breaking: tuple[Problem, ...] = ()
    orphans: Mapping[str, tuple[str, ...]] | None = None

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to write."""
        inert = ("unchanged", "kept")
        return bool(self.lock) or any(c.status not in inert for c in self.changes)


def refresh(
    survey: Survey,
    builds: Mapping[str, Build],
    overwrite: Overwrite = "known",
    specs: Mapping[str, str] | None = None,
    everything: bool = True,
) -> Refresh:
    """What building some specs changes.

    Args:
        survey: The project.
        builds: What came of the specs that are not current, by their places.
        overwrite: Which files may be replaced, as `Overwrite` has it.
        specs: Texts of specs that are to be written themselves, by their places.
        everything: Whether `builds` left out only what is current.
    """
    taken_over = _taken_over(survey, builds)
    planned = {(spec, spec): text for spec, text in (specs or {}).items()}
    for spec, one in builds.items():
        places = survey.places(spec)
        planned |= {(spec, places[name]): text for name, text in one.files.items()}
    stuck = _stuck(survey, builds, taken_over, planned, overwrite)
    for spec in stuck:
        test = survey.places(spec)[f"test_{stem_of(spec)}.py"]
        planned.pop((spec, test), None)
    held = {builds[spec].layer for spec in stuck}
    moved = {s: r for s, r in taken_over.items() if r.layer not in held}
    left_over = dict.fromkeys(_left_over(survey, builds, moved))
    changes, status = _changes(survey, {**planned, **left_over}, overwrite)
    records = dict(survey.lock.specs)
    for spec, one in builds.items():
        if spec not in stuck:
            records[spec] = _record(survey, spec, one, status)
    orphans: dict[str, tuple[str, ...]] = {}
    for spec in survey.gone:
        left = _remaining(survey, spec, status)
        if spec in moved:
            records[spec] = replace(left, exports=(), saved=None)
        elif spec not in taken_over:
            records[spec] = left
            if left.files and everything:
                orphans[spec] = tuple(left.files)
    records = {s: r for s, r in sorted(records.items()) if r.files or r.ejected}
    anew = {
        spec
        for spec in builds
        if _status_of_module(survey, spec, status) not in ("kept", "unchanged")
    }
    breaking = tuple(breaking_changes(survey, builds, anew))
    lock = Lock(records, __version__, _formatting(survey, everything))
    return finished(survey, lock, changes, breaking, orphans, overwrite)


def finished(
    survey: Survey,
    found: Lock,
    changes: tuple[Change, ...],
    breaking: tuple[Problem, ...] = (),
    orphans: Mapping[str, tuple[str, ...]] | None = None,
    overwrite: Overwrite = "known",
) -> Refresh:
    """Changes of files together with the exports, and the lock where it is another."""
    changes = (*changes, *exports_change(survey, found.specs, overwrite))
    lock = None
    if found != survey.locks[0] and (found.specs or survey.lock_data is not None):
        place = survey.inside.target(locks.NAME)
        notes = locks.notes((*survey.locks[1:], found))
        pending = survey.project.root / locks.PENDING
        lock = NewLock(found.text, place, notes, pending)
    return Refresh(changes, lock, breaking, orphans)


def _formatting(survey: Survey, everything: bool) -> Formatting | None:
    """How all is formatted: as before, until everything has been formatted anew."""
    whole = everything or not survey.lock.specs
    return survey.formatting if whole else survey.lock.formatting


def _changes(
    survey: Survey, planned: Mapping[Place, str | None], overwrite: Overwrite
) -> tuple[tuple[Change, ...], Status]:
    """The changes that planned texts are, None for a file that is to go, and of each the
    status; a file that is to go and is not there has none."""
    plan = Plan(survey.project.root, survey.project.here)
    targets = {
        (spec, path): plan.add(path, text, str(survey.project.shown(spec)))
        for (spec, path), text in planned.items()
    }
    known = {target: survey.known(path) for (_, path), target in targets.items()}
    changes = plan.changes(overwrite, known)
    found = {change.planned.target: change.status for change in changes}
    return changes, {
        place: found[target] for place, target in targets.items() if target in found
    }


def _remaining(survey: Survey, spec: str, status: Status) -> Record:
    """The record of a spec that is gone, with those files that are still there."""
    record, made = survey.lock.specs[spec], survey.made
    left = {
        path: written
        for path, written in record.files.items()
        if path not in made
        and status.get((spec, path)) != "deleted"
        and survey.read(path) is not None
    }
    return replace(record, files=left)


def _status_of_module(survey: Survey, spec: str, status: Status) -> str:
    return status[spec, survey.places(spec)[f"{stem_of(spec)}.py"]]


def _keeps_module(survey: Survey, spec: str, status: Status) -> bool:
    """Whether the module that is there is left as it is."""
    return _status_of_module(survey, spec, status) == "kept"


def _record(survey: Survey, spec: str, one: Build, status: Status) -> Record:
    """The record of a spec; a module that was kept goes on with what it was."""
    old = survey.lock.specs.get(spec)
    files = _files(survey, spec, one, old.files if old else {}, status)
    new = Record(one.layer, one.source.sha256, files, one.exports, one.saved)
    if not _keeps_module(survey, spec, status):
        return new
    if old is None:
        return replace(new, exports=(), saved=None)
    return replace(new, layer=old.layer, exports=old.exports, saved=old.saved)


def _files(
    survey: Survey,
    spec: str,
    one: Build,
    old: Mapping[str, Written | None],
    status: Status,
) -> dict[str, Written | None]:
    """The files on record of a spec: those as built, and of the `old` those kept.

    Not what is of no spec and does not call itself generated: it is somebody else's.
    """
    places, made_from = survey.places(spec), survey.made_from(one.source)
    built = {places[name]: text for name, text in one.files.items()}
    files: dict[str, Written | None] = {
        path: Written(of_text(text), made_from)
        for path, text in built.items()
        if status[spec, path] != "kept"
    }
    kept = {
        path: old[path]
        for path in old
        if status.get((spec, path)) == "kept"
        and (path in built or says_generated(survey.read(path) or b""))
    }
    return dict(sorted({**files, **kept}.items()))


def _taken_over(survey: Survey, builds: Mapping[str, Build]) -> dict[str, Record]:
    """The records of specs that are gone and whose layer another spec makes."""
    records, layers = survey.lock.specs, layers_of(survey, builds)
    return {
        spec: records[spec] for spec in survey.gone if records[spec].layer in layers
    }


def _stuck(
    survey: Survey,
    builds: Mapping[str, Build],
    taken_over: Mapping[str, Record],
    planned: Mapping[Place, str | None],
    overwrite: Overwrite,
) -> set[str]:
    """The specs whose layer stays at its old place, as its new one is somebody else's."""
    layers = {record.layer for record in taken_over.values()}
    records = survey.lock.specs
    movers = {
        spec
        for spec, one in builds.items()
        if one.layer in layers
        and not (spec in records and records[spec].layer == one.layer)
    }
    moving = {place: text for place, text in planned.items() if place[0] in movers}
    status = _changes(survey, moving, overwrite)[1]
    return {spec for spec in movers if _keeps_module(survey, spec, status)}


def _left_over(
    survey: Survey,
    builds: Mapping[str, Build],
    taken_over: Mapping[str, Record],
) -> Iterator[Place]:
    """The files on record that nothing makes any longer, each with its spec."""
    made = {same(path): path for path in survey.made}
    for spec in (*builds, *taken_over):
        record = survey.lock.specs.get(spec)
        for path in record.files if record and not record.ejected else ():
            if not _is_same_place(survey, path, made.get(same(path))):
                yield spec, path


def _is_same_place(survey: Survey, path: str, other: str | None) -> bool:
    """Whether two places are one: by name, or, where case is nothing, in fact."""
    try:
        one, two = survey.inside.target(path), survey.inside.target(other or path)
        return other is not None and (path == other or one.samefile(two))
    except OSError:
        return False
