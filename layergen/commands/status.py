"""`layergen status`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from layergen.commands.common import emit_json, finish, json_option, quiet_option, say

if TYPE_CHECKING:
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
    """Path, state and spec of each file; all in one order, whatever the system."""
    project = survey.project
    found = []
    specs = dict.fromkeys((*survey.lock.specs, *survey.sources))
    for spec in specs:
        record = survey.lock.specs.get(spec)
        made = survey.places(spec).values() if spec in survey.sources else ()
        paths = record.files if record else ()
        if record is None or not record.ejected:
            paths = {**dict.fromkeys(made), **dict.fromkeys(paths)}
        shown = project.shown(spec).as_posix()
        for path in paths:
            state = survey.state(spec, path)
            if state == "orphaned" and survey.read(path) is None:
                continue
            found.append((project.shown(path).as_posix(), state, shown))
    return sorted(found)
