"""Writing a new layer: its spec, its module and its test."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from layergen.commands.common import (
    BROKEN,
    complain,
    complain_of,
    emit_json,
    only_run,
    problem_data,
    say,
    tell,
    tell_problems,
)

if TYPE_CHECKING:
    from layergen.project.build import Build
    from layergen.project.config import Project
    from layergen.project.plan import Change
    from layergen.project.source import Source


def make(source: Source, out: Path | None, overwrite: bool, as_json: bool) -> int:
    """Write a layer to its places, or side by side to `out`; the exit code.

    A source with no `file` is called by the place where it is to be.
    """
    from msgspec.structs import replace

    from layergen.project.build import build
    from layergen.project.config import load_project

    project = load_project(Path())
    config = project.config
    if out is not None:
        config = config.elsewhere(out)
    if not source.file:
        name = f"{source.stem}.yaml"
        place = out / name if out else project.shown(project.spec(source.stem))
        source = replace(source, file=str(place))
    result = build(source, config)
    if result.failed:
        return tell_problems([result], as_json)
    if out is not None:
        return _write_elsewhere(result, out, overwrite, as_json)
    with only_run(project):
        return _write_in_place(result, project, overwrite, as_json)


def _write_elsewhere(result: Build, out: Path, overwrite: bool, as_json: bool) -> int:
    """Spec, code and test side by side, with nothing on record."""
    from layergen.project import sink
    from layergen.project.plan import Plan

    source = result.source
    plan = Plan(out)
    plan.add(f"{source.stem}.yaml", source.text, source.file)
    for name, text in result.files.items():
        plan.add(name, text, source.file)
    changes = plan.changes("anything" if overwrite else "nothing")
    if not _refused(changes):
        sink.clean([out])
        sink.write(changes)
    test, spec = f"test_{source.stem}.py", f"{source.stem}.yaml"
    return _tell(changes, result, as_json, (out / test, out / spec))


def _write_in_place(
    result: Build, project: Project, overwrite: bool, as_json: bool
) -> int:
    """Spec, code and test in their places of the project, and on record."""
    from msgspec.structs import replace

    from layergen.project.commit import commit
    from layergen.project.refresh import refresh
    from layergen.project.survey import survey

    source = result.source
    spec = project.spec(source.stem)
    there = survey(project, {spec: source})
    found = refresh(
        there,
        {spec: result},
        "anything" if overwrite else "nothing",
        {spec: source.text},
        everything=False,
    )
    if found.breaking and not _refused(found.changes):
        # The way out that the hint names is an option of another command.
        problems = [replace(problem, hint="") for problem in found.breaking]
        if as_json:
            listed = problem_data([*result.problems, *problems])
            emit_json({"blocked": True, "files": [], "problems": listed})
            return BROKEN
        complain_of([*result.problems, *problems])
        complain(
            "Files saved from trained models would not load after this. Nothing is "
            "written: change the spec, then `layergen generate --accept-weights-change`."
        )
        return BROKEN
    if not _refused(found.changes):
        commit(there, found)
    test = project.files(source.stem)[f"test_{source.stem}.py"]
    next_ = project.shown(test), project.shown(spec)
    return _tell(found.changes, result, as_json, next_)


def _refused(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.status == "kept")


def _tell(
    changes: tuple[Change, ...], result: Build, as_json: bool, files: tuple[Path, Path]
) -> int:
    """Tell what was written, or what is in the way of it; `files` are test and spec."""
    from layergen.project.report import Report

    code = tell(
        Report("write", _refused(changes) or changes),
        [result],
        as_json,
        "it differs from what would be written, so nothing is (--overwrite replaces it).",
    )
    if code == 0 and not as_json:
        _say_what_next(*(shlex.quote(str(path)) for path in files))
    return code


def _say_what_next(test: str, spec: str) -> None:
    say("\nNext:")
    say(f"  pytest {test}")
    say(f"  edit {spec}, then: layergen generate {spec}")
