"""`layergen eject`."""

from __future__ import annotations

from pathlib import Path

import click

from layergen.commands.common import (
    complain,
    emit_json,
    finish,
    json_option,
    only_run,
    quiet_option,
    say,
)
from layergen.commands.outcome import why_kept


@click.command(epilog="\b\nExample:\n  layergen eject swish_dense")
@click.argument("name")
@json_option
@quiet_option
def eject(name: str, as_json: bool) -> None:
    """Make the generated files of the layer NAME your own.

    `layergen generate` leaves them alone from then on; the package still exports the
    layer. The spec stays; `layergen remove NAME` forgets that the layer is yours.
    """
    from layergen.errors import UserError
    from layergen.project.commit import commit, settle
    from layergen.project.config import load_project
    from layergen.project.release import eject as ejected
    from layergen.project.release import spec_named
    from layergen.project.report import Report
    from layergen.project.survey import survey

    project = load_project(Path())
    with only_run(project):
        there = survey(project)
        settle(there)
        spec = spec_named(there, name, there.sources)
        if spec not in there.lock.specs:
            raise UserError(
                f"nothing was generated from {project.shown(spec)} yet: `layergen "
                f"generate` does that."
            )
        release = ejected(there, spec)
        commit(there, release.refresh)
    others = [c for c in release.refresh.changes if c.planned.path not in release.yours]
    report = Report("write", tuple(others))
    if as_json:
        yours = [{"path": p.as_posix(), "status": "yours"} for p in release.yours]
        changed = [file for file in report.data if file["status"] != "unchanged"]
        emit_json({"files": [*yours, *changed]})
        finish(report.exit_code)
    for path in release.yours:
        say(f"yours {path}")
    for line in report.lines:
        say(line)
    for change in report.kept:
        complain(why_kept(there, change))
    finish(report.exit_code)
