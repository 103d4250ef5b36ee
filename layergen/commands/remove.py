"""`layergen remove`."""

from __future__ import annotations

from pathlib import Path

import click

from layergen.commands.common import (
    BROKEN,
    complain,
    emit_json,
    finish,
    json_option,
    only_run,
    quiet_option,
    say,
)


@click.command(epilog="\b\nExample:\n  layergen remove swish_dense --spec")
@click.argument("name")
@click.option("--spec", "with_spec", is_flag=True, help="Delete its spec as well.")
@json_option
@quiet_option
def remove(name: str, with_spec: bool, as_json: bool) -> None:
    """Delete what was generated of the layer NAME and not edited since.

    A file that was edited by hand stays, and nothing is on record of it any longer; the
    exit code is 1, or 0 if its spec was gone before. The spec stays as well, without
    --spec, and `layergen generate` makes the files again from it.
    """
    from layergen.project.commit import commit, settle
    from layergen.project.config import load_project
    from layergen.project.release import remove as removed
    from layergen.project.release import spec_named
    from layergen.project.report import Report
    from layergen.project.survey import survey

    project = load_project(Path())
    with only_run(project):
        there = survey(project)
        settle(there)
        spec = spec_named(there, name, there.sources if with_spec else ())
        release = removed(there, spec, with_spec)
        commit(there, release.refresh)
    report = Report("write", release.refresh.changes)
    code = BROKEN if release.refused else report.exit_code
    if as_json:
        stay = [
            {"path": path.as_posix(), "status": "kept", "reason": reason}
            for path, reason in release.stay
        ]
        emit_json({"files": [*report.data, *stay]})
        finish(code)
    for line in report.lines:
        say(line)
    for path, reason in release.stay:
        complain(f"{path} is left as it is: {reason}.")
    finish(code)
