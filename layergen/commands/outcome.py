"""How the commands tell what becomes of a project's files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from layergen.commands.common import (
    BROKEN,
    all_problems,
    complain,
    complain_of,
    emit_json,
    problem_data,
    say,
)

if TYPE_CHECKING:
    from layergen.project.build import Build
    from layergen.project.plan import Change
    from layergen.project.refresh import Refresh
    from layergen.project.report import Report
    from layergen.project.survey import Survey


def tell_refresh(
    survey: Survey,
    refresh: Refresh,
    builds: Iterable[Build],
    mode: str,
    blocked: bool,
    as_json: bool,
) -> int:
    """Tell what a refresh comes to; the exit code.

    Where it is `blocked`, weights change and nobody has said that they may.
    """
    from layergen.project.report import Report

    stopped = blocked and mode == "write"
    report = Report(mode, () if stopped else refresh.changes)
    if refresh.lock and not report.drifted and not stopped:
        report = Report(mode, (*report.changes, _of_lock(survey, refresh)))
    problems = [*all_problems(builds), *refresh.breaking]
    code = report.exit_code
    if refresh.orphans or (blocked and mode in ("write", "check")):
        code = BROKEN
    if as_json:
        listed = [*report.data, *_orphans(survey, refresh)]
        emit_json({"files": listed, "problems": problem_data(problems)})
        return code
    complain_of(problems)
    for line in report.lines:
        say(line)
    if mode in ("write", "dry-run"):
        for change in report.kept:
            complain(why_kept(survey, change))
            _complain_of_diff(change, mode)
    if blocked:
        complain(
            "Files saved from trained models would not load after this; "
            "--accept-weights-change writes it all the same. Nothing is written."
        )
    for spec, files in (refresh.orphans or {}).items():
        complain(_orphaned(survey, spec, files))
    say_if_current(report, code, as_json)
    return code


def say_if_current(report: Report, code: int, as_json: bool) -> None:
    """Say that there is nothing to do, where nothing else was said."""
    if code == 0 and report.mode != "diff" and not report.lines and not as_json:
        say("all files are up to date.")


def _of_lock(survey: Survey, refresh: Refresh) -> Change:
    """The change of the lock, told where it is the only one."""
    from layergen.project.lock import NAME
    from layergen.project.plan import Change, Planned

    assert refresh.lock
    old, new = survey.lock_data, refresh.lock
    planned = Planned(survey.project.shown(NAME), new.path, new.text, "")
    return Change(planned, "created" if old is None else "updated", old)


def _orphans(survey: Survey, refresh: Refresh) -> Iterator[dict[str, str]]:
    for files in (refresh.orphans or {}).values():
        for path in files:
            shown = survey.project.shown(path).as_posix()
            yield {"path": shown, "status": "orphaned"}


def why_kept(survey: Survey, change: Change) -> str:
    """Why a file is left as it is, and the ways on."""
    path, name = change.planned.path, Path(change.planned.source).stem
    lock = survey.lock.specs.values()
    recorded = {survey.project.shown(p) for record in lock for p in record.files}
    if change.planned.text is None:
        return (
            f"{path} was edited by hand, and no spec makes it any longer; it is left as "
            f"it is: delete it, or `layergen remove {name}` leaves it to you."
        )
    if path == survey.project.shown(survey.project.exports or "."):
        return (
            f"{path} was edited by hand inside the block of exports and is left as it is: "
            f"write above or below it (--overwrite takes the new text)."
        )
    if path not in recorded:
        return (
            f"{path} is left as it is: layergen did not write it (--overwrite replaces "
            f"it)."
        )
    return (
        f"{path} was edited by hand and is left as it is: `layergen generate --overwrite "
        f"{change.planned.source}` takes the new text, `layergen eject {name}` keeps this "
        f"one for good."
    )


def _complain_of_diff(change: Change, mode: str) -> None:
    from layergen.project.report import diff

    if mode == "write" and change.planned.text is not None:
        for line in diff(change):
            complain(line)


def _orphaned(survey: Survey, spec: str, files: Iterable[str]) -> str:
    listed = ", ".join(str(survey.project.shown(path)) for path in files)
    return (
        f"{survey.project.shown(spec)} is gone, and what came of it is still there: "
        f"{listed}. `layergen remove {Path(spec).stem}` takes it away."
    )
