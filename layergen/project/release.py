"""Letting go of a layer: its files become the user's, or go away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from layergen import __version__
from layergen.errors import UserError
from layergen.language.naming import to_snake_case
from layergen.nearest import aside
from layergen.project.digests import folded
from layergen.project.lock import Lock, Record, Written
from layergen.project.plan import Change, Plan, Planned
from layergen.project.refresh import Refresh, finished
from layergen.project.source import is_spec
from layergen.project.states import HEADER, Known, Why, is_generated
from layergen.project.survey import Survey


class Release(Struct, frozen=True):
    """What letting go changes.

    `yours` are files that have become the user's; `stay` are files that are left, with
    the reason, and `refused` says whether they were to go.
    """

    refresh: Refresh
    yours: tuple[Path, ...] = ()
    stay: tuple[tuple[Path, Why], ...] = ()
    refused: bool = False


def spec_named(survey: Survey, name: str, also: Iterable[str] = ()) -> str:
    """The spec of the layer that the user calls `name`: its class, its module or its spec.

    `also` are specs beside those on record.

    Raises:
        UserError: If there is none.
    """
    specs = dict.fromkeys((*survey.lock.specs, *also))
    stem = Path(name).stem if name.endswith(".yaml") else name
    for spec in specs:
        record = survey.lock.specs.get(spec)
        layer = record.layer if record else ""
        if name in (spec, str(survey.project.shown(spec)), layer):
            return spec
    for spec in specs:
        if Path(spec).stem in (stem, to_snake_case(stem)):
            return spec
    hint = aside(to_snake_case(stem), (Path(spec).stem for spec in specs))
    raise UserError(
        f"{name!r} is no layer that was generated here{hint}; `layergen status` lists "
        f"them."
    )


def eject(survey: Survey, spec: str) -> Release:
    """Make a layer's files the user's, without the line that calls them generated."""
    record = survey.lock.specs[spec]
    plan = Plan(survey.project.root, survey.project.here)
    for path in record.files:
        data = survey.read(path)
        if data is not None and _says_generated(data, spec, record.files[path]):
            try:
                text = folded(data).decode()
            except UnicodeDecodeError:
                continue
            plan.add(path, text.partition("\n")[2], str(survey.project.shown(spec)))
    changes = plan.changes("anything")
    there = dict.fromkeys(
        path for path in record.files if survey.read(path) is not None
    )
    if not there:
        raise UserError(
            f"nothing of {survey.project.shown(spec)} is there; `layergen generate` "
            f"makes it again."
        )
    mine = replace(record, files=there, saved=None, ejected=True)
    records = {**survey.lock.specs, spec: mine}
    yours = tuple(survey.project.shown(path) for path in there)
    return Release(finished(survey, _lock(survey, records), changes), yours)


def _says_generated(data: bytes, spec: str, written: Written | None) -> bool:
    """Whether a file calls itself generated from a spec, edited or not."""
    known = (written.sha256,) if written else ()
    mark = HEADER + spec.rpartition("/")[2].encode()
    return data.startswith(mark) or is_generated(data, known)


def remove(survey: Survey, spec: str, with_spec: bool) -> Release:
    """Delete what was generated and is unedited; with the spec if asked for.

    Of a spec that is gone, what was edited is left to the user.
    """
    record = survey.lock.specs.get(spec)
    plan = Plan(survey.project.root, survey.project.here)
    known: dict[Path, Known] = {}
    shown = str(survey.project.shown(spec))
    yours = record is not None and record.ejected
    for path, written in (record.files if record else {}).items():
        target = plan.add(path, None, shown)
        known[target] = Known((written.sha256,) if written else (), True, yours)
    changes = [*plan.changes("known", known)]
    changes += _of_spec(survey, spec) if with_spec else ()
    kept = [change for change in changes if change.status == "kept"]
    stay = tuple((change.planned.path, change.why) for change in kept if change.why)
    refused = bool(stay) and not yours and spec in survey.sources
    records = {key: one for key, one in survey.lock.specs.items() if key != spec}
    gone = tuple(change for change in changes if change.status != "kept")
    lock = _lock(survey, records)
    return Release(finished(survey, lock, gone), stay=stay, refused=refused)


def _lock(survey: Survey, records: Mapping[str, Record]) -> Lock:
    """The lock with other records; nothing has been formatted anew."""
    return Lock(records, __version__, survey.lock.formatting)


def _of_spec(survey: Survey, spec: str) -> Iterator[Change]:
    """The deletion of a spec, if it is there; what is none is kept."""
    data, shown = survey.read(spec), survey.project.shown(spec)
    if data is not None:
        target = survey.inside.target(spec, follow=False)
        why = None if is_spec(target) else Why.NO_SPEC
        why = Why.LINK if target.is_symlink() else why
        planned = Planned(shown, target, None, str(shown))
        yield Change(planned, "kept" if why else "deleted", data, why)
