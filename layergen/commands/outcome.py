"""How the commands tell what becomes of a project's files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from layergen.commands.common import (
    BROKEN,
    all_problems,
    complain,
    complain_of,
    emit_json,
    problem_data,
    say,
    say_unproven,
    unproven,
)
from layergen.commands.remarks import remarks

if TYPE_CHECKING:
    from layergen.problems import Problem
    from layergen.project.build import Build
    from layergen.project.plan import Change
    from layergen.project.refresh import Refresh
    from layergen.project.report import Report
    from layergen.project.survey import Survey


_STOPPED = {"write": " Nothing is written.", "dry-run": " Nothing would be written."}


class Outcome(Struct, frozen=True, dict=True):
    """What a refresh comes to under a mode of `Report`.

    `accept` says that weights may change; without it such a change blocks the run.
    """

    survey: Survey
    refresh: Refresh
    builds: Sequence[Build]
    mode: str
    accept: bool

    @property
    def blocked(self) -> bool:
        """Whether weights change and nobody has said that they may."""
        return bool(self.refresh.breaking) and not self.accept

    @property
    def problems(self) -> list[Problem]:
        """The problems of the specs that were read."""
        return all_problems(self.builds)

    @cached_property
    def report(self) -> Report:
        """The changes that are, or would be, made: none where the run is stopped."""
        from layergen.project.report import Report

        if self.blocked and self.mode in _STOPPED:
            return Report(self.mode, ())
        report = Report(self.mode, self.refresh.changes)
        if self.refresh.lock and not report.drifted:
            change = _of_lock(self.survey, self.refresh)
            report = Report(self.mode, (*report.changes, change))
        return report

    @property
    def exit_code(self) -> int:
        """1 where files are not, or would not be, as the specs say."""
        if self.refresh.orphans or self.blocked:
            return BROKEN
        return self.report.exit_code

    @property
    def data(self) -> dict[str, object]:
        """The same for `--json`; a file that is kept has the `reason`."""
        reasons = {c.planned.path: why_kept(self.survey, c) for c in self.report.kept}
        files = [
            (
                {**file, "reason": reasons[path]}
                if (path := Path(file["path"])) in reasons
                else file
            )
            for file in self.report.data
        ]
        accepted = () if self.blocked else self.refresh.breaking
        return {
            "blocked": self.blocked,
            "files": [*files, *_orphans(self.survey, self.refresh)],
            "problems": problem_data(
                (*self.problems, *self.refresh.breaking), accepted
            ),
            "unproven": unproven(self.builds),
        }


def tell_refresh(outcome: Outcome, as_json: bool) -> int:
    """Tell what a refresh comes to; the exit code."""
    survey, report = outcome.survey, outcome.report
    if outcome.refresh.lock:
        _complain_of_newer(survey)
    if as_json:
        emit_json(outcome.data)
        return outcome.exit_code
    complain_of((*outcome.problems, *outcome.refresh.breaking))
    for line in report.lines:
        say(line)
    for line in remarks(report.changes):
        complain(line)
    if outcome.mode in _STOPPED:
        for change in report.kept:
            complain(why_kept(survey, change))
            _complain_of_diff(change, outcome.mode)
        say_unproven(unproven(outcome.builds))
    if outcome.blocked:
        complain(
            "Files saved from trained models would not load after this; "
            "--accept-weights-change writes it all the same."
            + _STOPPED.get(outcome.mode, "")
        )
    for spec, files in (outcome.refresh.orphans or {}).items():
        complain(_orphaned(survey, spec, files))
    say_if_current(report, outcome.exit_code, as_json)
    return outcome.exit_code


def say_if_current(report: Report, code: int, as_json: bool) -> None:
    """Say that there is nothing to do, where nothing else was said."""
    if code == 0 and report.mode != "diff" and not report.lines and not as_json:
        say("all files are up to date.")


def _complain_of_newer(survey: Survey) -> None:
    """Say that the lock on record is a newer layergen's."""
    from layergen import __version__
    from layergen.project.lock import NAME

    there = survey.locks[0].version
    if _numbers(there) > _numbers(__version__):
        complain(
            f"{survey.project.shown(NAME)} was written by layergen {there}, this is the "
            f"older {__version__}."
        )


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


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
    from layergen.project.states import Why

    path, source = change.planned.path, change.planned.source
    if change.planned.text is None:
        return _why_not_deleted(survey, change)
    overwrite = f"`layergen generate --overwrite {source}` takes the"
    why = change.why
    match why:
        case Why.UNRECORDED:
            return f"{path} is left as it is: {why} (--overwrite replaces it)."
        case Why.CONFLICT:
            ways = f"{overwrite} text that the spec makes."
        case Why.BLOCK:
            ways = "write above or below it (--overwrite takes the new text)."
        case _:
            # Whoever takes the line away that layergen writes has edited the file.
            why = Why.EDITED
            keep = f"`layergen eject {Path(source).stem}` keeps this one for good."
            ways = f"{overwrite} new text, {keep}"
    return f"{path} {why.removeprefix('it ')} and is left as it is: {ways}"


def _why_not_deleted(survey: Survey, change: Change) -> str:
    from layergen.project.lock import NAME
    from layergen.project.states import Why

    path, why = change.planned.path, change.why or Why.EDITED
    if why is Why.UNMARKED:
        return f"{path} is left as it is: {survey.project.shown(NAME)} names it, but {why}."
    return (
        f"{path} {why.removeprefix('it ')}, and no spec makes it any longer; it is left "
        f"as it is: delete it, or `layergen remove {Path(change.planned.source).stem}` "
        f"leaves it to you."
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
