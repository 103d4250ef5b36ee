"""`layergen status`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from layergen.commands.common import (
    complain,
    emit_json,
    finish,
    json_option,
    quiet_option,
    say,
    say_unproven,
)
from layergen.errors import UserError

if TYPE_CHECKING:
    from layergen.project.build import Build
    from layergen.project.states import State
    from layergen.project.survey import Survey

_EPILOG = """\b
Examples:
  layergen status
  layergen status --json"""


@click.command(epilog=_EPILOG)
@json_option
@quiet_option
def status(as_json: bool) -> None:
    """Say of each file whether it is as its spec says.

    A file is `current`; or its `spec changed`, or the `generator changed` (its version,
    settings or templates), and `layergen generate` writes it anew; or it was `edited by
    hand`; or it is `missing`; or `orphaned`, its spec being gone; or `yours`, as ejected;
    or `unusable`, such as a folder where a file is to be, with the reason beside it.
    Specs with neither `equivalent` nor `reference` are called unproven: nothing says what
    their layers' values must be. The exit code is 0 whatever there is to say; `layergen generate --check` has another.
    """
    from layergen.project.config import load_project
    from layergen.project.states import State
    from layergen.project.survey import survey

    there = survey(load_project(Path()))
    rows, unproven = _rows(there), _unproven(there)
    if as_json:
        emit_json({"files": [_data(row) for row in rows], "unproven": unproven})
        finish(0)
    if not rows:
        say("no layer is generated here.")
    for row in rows:
        say(f"{row.state:17}  {row.path}")
        if row.state is State.UNUSABLE:
            complain(row.reason)
    say_unproven(unproven)


def _unproven(survey: Survey) -> list[str]:
    """The specs that leave their layers' values with nothing to be held to."""
    from layergen.loading import states_values

    return sorted(
        one.file
        for spec, one in survey.sources.items()
        if not survey.is_ejected(spec) and not states_values(one.text, one.file)
    )


def _data(row: _Row) -> dict[str, str]:
    why = {"reason": row.reason} if row.reason else {}
    return {"path": row.path, "status": row.state, "spec": row.spec, **why}


class _Row(Struct, frozen=True, order=True):
    """A file with its state; `reason` is why it is of no use, or is left to the user."""

    path: str
    state: State
    spec: str
    reason: str = ""


def _rows(survey: Survey) -> list[_Row]:
    """All files, sorted."""
    builds = _doubtful(survey)
    specs = dict.fromkeys((*survey.lock.specs, *survey.sources))
    found = (row for spec in specs for row in _of_spec(survey, spec, builds.get(spec)))
    return sorted([*found, *_of_exports(survey, builds)])


def _of_spec(survey: Survey, spec: str, one: Build | None) -> Iterator[_Row]:
    """The files of a spec; what another spec makes is told of that one."""
    from layergen.project.states import State

    project, record = survey.project, survey.lock.specs.get(spec)
    places = survey.places(spec) if spec in survey.sources else {}
    ours = () if record and record.ejected else places.values()
    texts = {places[name]: text for name, text in one.files.items()} if one else {}
    for path in dict.fromkeys((*ours, *(record.files if record else ()))):
        reason = ""
        try:
            found = survey.standing(spec, path, texts.get(path))
            state, reason = found.state, found.why or ""
            if state is State.ORPHANED and path in survey.made:
                continue
            gone = state in (State.ORPHANED, State.YOURS)
            if gone and survey.read(path) is None:
                continue
        except UserError as error:
            state, reason = State.UNUSABLE, str(error)
        shown = project.shown(path).as_posix()
        yield _Row(shown, state, project.shown(spec).as_posix(), reason)


def _doubtful(survey: Survey) -> dict[str, Build]:
    """What comes of the specs that have files which are not on record, or not as there.

    They may be as they are to be all the same, where the lock is older, or lost.
    """
    from layergen.project.build import build_each

    doubtful = {s: one for s, one in survey.sources.items() if _is_doubtful(survey, s)}
    built = build_each([*doubtful.values()], survey.project.config)
    builds = dict(zip(doubtful, built, strict=True))
    return {spec: one for spec, one in builds.items() if not one.failed}


def _is_doubtful(survey: Survey, spec: str) -> bool:
    from layergen.project.states import State

    states = set()
    for path in survey.places(spec).values():
        with suppress(UserError):
            states.add(survey.standing(spec, path).state)
    is_new = spec not in survey.lock.specs and bool(states - {State.MISSING})
    return is_new or State.EDITED in states


def _of_exports(survey: Survey, builds: dict[str, Build]) -> Iterator[_Row]:
    """The state of the file with the exports, by its block."""
    from layergen.project.refresh import refresh
    from layergen.project.states import State

    if not survey.project.exports:
        return
    states = {
        "unchanged": State.CURRENT,
        "created": State.MISSING,
        "updated": State.SPEC_CHANGED,
        "kept": State.EDITED,
    }
    shown = survey.project.shown(survey.project.exports)
    try:
        changes = refresh(survey, builds).changes
    except UserError as error:
        yield _Row(shown.as_posix(), State.UNUSABLE, "", str(error))
        return
    for change in changes:
        if change.planned.path == shown:
            state, why = states[change.status], change.why or ""
            yield _Row(shown.as_posix(), state, "", why)
