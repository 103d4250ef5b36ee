"""`layergen status`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from layergen.commands.common import emit_json, finish, json_option, quiet_option, say

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
    hand`; or it is `missing`; or `orphaned`, its spec being gone; or `yours`, as ejected.
    The exit code is 0 whatever there is to say; `layergen generate --check` has another.
    """
    from layergen.project.config import load_project
    from layergen.project.survey import survey

    there = survey(load_project(Path()))
    found = _states(there)
    if as_json:
        emit_json(
            {
                "files": [
                    {"path": path, "status": state, "spec": spec}
                    for path, state, spec in found
                ]
            }
        )
        finish(0)
    if not found:
        say("no layer is generated here.")
    for path, state, _ in found:
        say(f"{state:17}  {path}")


def _states(survey: Survey) -> list[tuple[str, str, str]]:
    """Path, state and spec of each file, sorted."""
    project, builds = survey.project, _unrecorded(survey)
    found = []
    for spec in dict.fromkeys((*survey.lock.specs, *survey.sources)):
        record = survey.lock.specs.get(spec)
        made = survey.places(spec).values() if spec in survey.sources else ()
        paths = record.files if record else ()
        if record is None or not record.ejected:
            paths = {**dict.fromkeys(made), **dict.fromkeys(paths)}
        for path in paths:
            state = survey.state(spec, path)
            if state in ("orphaned", "yours") and survey.read(path) is None:
                continue
            if spec in builds and _is_as_built(survey, spec, path, builds[spec]):
                state = "current"
            shown = project.shown(path).as_posix()
            found.append((shown, state, project.shown(spec).as_posix()))
    return sorted([*found, *_of_exports(survey, builds)])


def _unrecorded(survey: Survey) -> dict[str, Build]:
    """What comes of the specs that nothing is on record of, though files are there."""
    from layergen.project.build import build

    builds = {
        spec: build(source, survey.project.config)
        for spec, source in survey.sources.items()
        if spec not in survey.lock.specs
        and any(survey.read(p) is not None for p in survey.places(spec).values())
    }
    return {spec: one for spec, one in builds.items() if not one.failed}


def _is_as_built(survey: Survey, spec: str, path: str, one: Build) -> bool:
    from layergen.project.digests import folded

    texts = {survey.places(spec)[name]: text for name, text in one.files.items()}
    there = survey.read(path)
    return there is not None and folded(there) == texts.get(path, "").encode()


def _of_exports(
    survey: Survey, builds: dict[str, Build]
) -> Iterator[tuple[str, str, str]]:
    """The state of the file with the exports, by its block."""
    from layergen.project.refresh import refresh

    if not survey.project.exports:
        return
    states = {"created": "missing", "updated": "spec changed", "kept": "edited by hand"}
    shown = survey.project.shown(survey.project.exports)
    for change in refresh(survey, builds).changes:
        if change.planned.path == shown:
            state = states.get(change.status, "current")
            yield shown.as_posix(), state, ""
