"""`layergen generate`."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from layergen.commands.common import (
    complain_of_files,
    finish,
    json_option,
    only_run,
    quiet_option,
    say,
    tell,
    tell_problems,
    with_progress,
)
from layergen.commands.outcome import Outcome, say_if_current, tell_refresh
from layergen.errors import UserError

if TYPE_CHECKING:
    from layergen.project.build import Build
    from layergen.project.config import Config, Project
    from layergen.project.source import Source

_EPILOG = """\b
Examples:
  layergen generate
  layergen generate specs/swish_dense.yaml --diff
  layergen generate --check
  layergen generate --check --out generated specs/*.yaml"""


@click.command(epilog=_EPILOG)
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path), metavar="[SPEC]...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Put code and tests side by side here, without a lock.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file differs.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--dry-run", is_flag=True, help="Write nothing; list what would change.")
@click.option("--overwrite", is_flag=True, help="Replace also what others wrote.")
@click.option(
    "--accept-weights-change",
    "accept",
    is_flag=True,
    help="Write also what files saved from trained models will not load into.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes to render in; by default one for each core if there is much to do.",
)
@json_option
@quiet_option
def generate(
    specs: tuple[Path, ...],
    out: Path | None,
    check: bool,
    diff: bool,
    dry_run: bool,
    overwrite: bool,
    accept: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Write the layer and the test of each SPEC again.

    Without SPEC: of every spec of the project, or of the current folder. A file that was
    edited by hand, or that layergen did not write, is left as it is, and the exit code is
    1. If any spec has an error, nothing is written.
    """
    from layergen.project.config import load_project

    modes = [
        name
        for name, asked in {"check": check, "diff": diff, "dry-run": dry_run}.items()
        if asked
    ]
    if len(modes) > 1:
        raise click.UsageError(f"--{modes[0]} and --{modes[1]} do not go together.")
    mode = modes[0] if modes else "write"
    request = _Request(specs, mode, overwrite, accept, jobs, as_json)
    project = load_project(Path())
    if out is not None:
        finish(_elsewhere(project, out, request))
    with only_run(project, mode == "write"):
        finish(_in_place(project, request))


class _Request(Struct, frozen=True):
    """What the user has asked for; `mode` is one of `Report`."""

    specs: tuple[Path, ...]
    mode: str
    overwrite: bool
    accept: bool
    jobs: int | None
    as_json: bool


def _elsewhere(project: Project, out: Path, request: _Request) -> int:
    """Render to a folder in which nothing is on record."""
    from layergen.project import sink
    from layergen.project.package import refuse_same_names
    from layergen.project.plan import Plan
    from layergen.project.report import Report
    from layergen.project.source import read_source
    from layergen.project.survey import survey

    config = project.config.elsewhere(out)
    sources, unread = [], []
    for path in dict.fromkeys(request.specs):
        try:
            sources.append(read_source(path))
        except UserError as error:
            unread.append(error)
    if not request.specs:
        sources = [*survey(project).sources.values()]
        _refuse_none(sources, project)
    builds = _built(sources, config, request)
    if unread or any(one.failed for one in builds):
        complain_of_files(unread)
        return tell_problems(builds, request.as_json)
    plan = Plan(out)
    for one in builds:
        for name, text in one.files.items():
            plan.add(name, text, one.source.file)
    refuse_same_names(builds)
    changes = plan.changes("anything" if request.overwrite else "generated")
    if request.mode == "write":
        sink.clean([out])
        sink.write(changes)
    hint = "layergen did not generate it (--overwrite replaces it)."
    report = Report(request.mode, changes)
    code = tell(report, builds, request.as_json, hint)
    say_if_current(report, code, request.as_json)
    return code


def _in_place(project: Project, request: _Request) -> int:
    """Bring the files of a project, or of a bare folder, up to their specs."""
    from layergen.project.commit import commit
    from layergen.project.package import held_to_modules
    from layergen.project.refresh import refresh
    from layergen.project.survey import named, survey

    chosen, unread = named(project, request.specs)
    there = survey(project, chosen)
    if request.mode == "check":
        there.refuse_other_formatting()
    if not request.specs:
        chosen = dict(there.sources)
        if there.lock_data is None:
            _refuse_none(chosen, project)
    stale = {
        spec: source
        for spec, source in chosen.items()
        if not there.is_ejected(spec) and not there.is_current(spec)
    }
    built = _built(stale.values(), project.config, request)
    builds = held_to_modules(there, dict(zip(stale, built, strict=True)))
    built = [*builds.values()]
    if unread or any(one.failed for one in built):
        complain_of_files(unread)
        return tell_problems(built, request.as_json)
    found = refresh(
        there,
        builds,
        "anything" if request.overwrite else "known",
        everything=not request.specs,
    )
    outcome = Outcome(there, found, built, request.mode, request.accept)
    if request.mode == "write" and not outcome.blocked:
        commit(there, found)
    for spec in chosen if request.specs else ():
        if there.is_ejected(spec) and not request.as_json:
            say(f"{project.shown(spec)}: the layer is yours, and is left alone.")
    return tell_refresh(outcome, request.as_json)


def _built(
    sources: Collection[Source], config: Config, request: _Request
) -> list[Build]:
    from layergen.project.build import build_each

    seen = iter if request.as_json else partial(with_progress, count=len(sources))
    return build_each([*sources], config, request.jobs, seen)


def _refuse_none(sources: Collection[object], project: Project) -> None:
    if sources:
        return
    if project.package:
        folder = project.shown(project.specs or ".")
        raise UserError(f"no layer spec in {folder}: `layergen new NAME` makes one.")
    raise UserError("no layer spec here: no *.yaml with `layer:` at its top level.")
