"""`layergen status`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from layergen.commands.common import (
    complain,
    emit_json,
    finish,
    json_option,
    quiet_option,
    say,
)
from layergen.errors import UserError

if TYPE_CHECKING:
    from layergen.project.build import Build
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
    The exit code is 0 whatever there is to say; `layergen generate --check` has another.
    """
    from layergen.project.config import load_project
    from layergen.project.survey import survey

    there = survey(load_project(Path()))
    found = _states(there)
    if as_json:
        emit_json({"files": [_data(*one) for one in found]})
        finish(0)
    if not found:
        say("no layer is generated here.")
    for path, state, _, reason in found:
        say(f"{state:17}  {path}")
        if reason:
            complain(reason)


def _data(path: str, state: str, spec: str, reason: str) -> dict[str, str]:
    why = {"reason": reason} if reason else {}
    return {"path": path, "status": state, "spec": spec, **why}


def _states(survey: Survey) -> list[tuple[str, str, str, str]]:
    """Path, state and spec of each file, and why it is of no use, if so; sorted."""
    project, builds = survey.project, _doubtful(survey)
    places = {path for spec in survey.sources for path in survey.places(spec).values()}
    found = []
    for spec in dict.fromkeys((*survey.lock.specs, *survey.sources)):
        record = survey.lock.specs.get(spec)
        made = survey.places(spec).values() if spec in survey.sources else ()
        paths = record.files if record else ()
        if record is None or not record.ejected:
            paths = {**dict.fromkeys(made), **dict.fromkeys(paths)}
        for path in paths:
            state, reason = "", ""
            try:
                state = survey.state(spec, path)
                # What a spec makes is told of that spec.
                if state == "orphaned" and path in places:
                    continue
                if state in ("orphaned", "yours") and survey.read(path) is None:
                    continue
                if spec in builds and _is_as_built(survey, spec, path, builds[spec]):
                    state = "current"
            except UserError as error:
                state, reason = "unusable", str(error)
            shown = project.shown(path).as_posix()
            found.append((shown, state, project.shown(spec).as_posix(), reason))
    return sorted([*found, *_of_exports(survey, builds)])


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
    states = set()
    for path in survey.places(spec).values():
        with suppress(UserError):
            states.add(survey.state(spec, path))
    is_new = spec not in survey.lock.specs and bool(states - {"missing"})
    return is_new or "edited by hand" in states


def _is_as_built(survey: Survey, spec: str, path: str, one: Build) -> bool:
    from layergen.project.digests import folded

    texts = {survey.places(spec)[name]: text for name, text in one.files.items()}
    there = survey.read(path)
    return there is not None and folded(there) == texts.get(path, "").encode()


def _of_exports(
    survey: Survey, builds: dict[str, Build]
) -> Iterator[tuple[str, str, str, str]]:
    """The state of the file with the exports, by its block."""
    from layergen.project.refresh import refresh

    if not survey.project.exports:
        return
    states = {"created": "missing", "updated": "spec changed", "kept": "edited by hand"}
    shown = survey.project.shown(survey.project.exports)
    try:
        changes = refresh(survey, builds).changes
    except UserError as error:
        yield shown.as_posix(), "unusable", "", str(error)
        return
    for change in changes:
        if change.planned.path == shown:
            state = states.get(change.status, "current")
            yield shown.as_posix(), state, "", ""
