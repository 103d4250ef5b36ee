"""A new project of layers: the template rendered, its layers generated, put in place.

All is made in a folder of its own on the same file system; the project then appears by
one rename. Only where its folder is there already, and somebody may stand in it, its
entries are moved one by one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from layergen.errors import UserError, reason
from layergen.project.answers import TEMPLATE
from layergen.project.plan import in_the_way
from layergen.project.running import alone
from layergen.project.scratch import record, scratch, settle, strangers, sweep
from layergen.project.sink import make_folder


def free_folder(folder: Path, waiting: Callable[[], None]) -> Path:
    """The folder, resolved: one that can be made, or is there and empty but for `.git`.

    What a run that was killed has left there is taken away; `waiting` is called before
    waiting for a run that is still at work.

    Raises:
        UserError: If there is something else.
    """
    try:
        target = folder.resolve()
        obstacle = in_the_way(target / "any")
        if obstacle is not None:
            why = f"{os.path.relpath(obstacle)} is no folder"
            raise UserError(f"cannot make a project in {folder}: {why}.")
        settle(target, waiting)
        there = strangers(target) if target.exists() else []
    except (OSError, RuntimeError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is a link to itself"
        raise UserError(f"cannot make a project in {folder}: {why}.") from None
    if there:
        raise UserError(
            f"{folder} is not empty (it holds {there[0]}); nothing is written. Name a "
            f"new folder."
        )
    return target


def bootstrap(
    target: Path,
    context: Mapping[str, Any],
    waiting: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Make the project in a free folder; the paths of its files in there, sorted."""
    above = target if target.exists() else target.parent
    made: list[Path] = []
    try:
        make_folder(above, made)
        with alone(above, waiting):
            sweep(above, target)
            if target.exists() and strangers(target):
                raise UserError(f"{target} has just been filled by somebody else.")
            files = _made(above, target, context)
            made.clear()
    except OSError as error:
        raise UserError(f"cannot write {target}: {reason(error)}.") from None
    finally:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
    return files


def _made(above: Path, target: Path, context: Mapping[str, Any]) -> list[Path]:
    """Make the project in a folder of its own, and put it in its place."""
    from cookiecutter.generate import generate_files

    with scratch(above) as folder:
        # Hooks are code that would run here; the template has none.
        project = Path(
            generate_files(
                str(TEMPLATE), dict(context), output_dir=folder, accept_hooks=False
            )
        )
        _generate(project)
        files = _files(project)
        if target.exists():
            record(folder, project)
            _move(project, target)
        else:
            project.rename(target)
        return files


def _generate(folder: Path) -> None:
    """Do what `layergen generate` does there."""
    from layergen.project.build import build_each
    from layergen.project.commit import commit
    from layergen.project.config import load_project
    from layergen.project.refresh import refresh
    from layergen.project.survey import survey

    project = load_project(folder)
    there = survey(project)
    builds = build_each([*there.sources.values()], project.config)
    commit(there, refresh(there, dict(zip(there.sources, builds, strict=True))))


def _files(project: Path) -> list[Path]:
    return sorted(p.relative_to(project) for p in project.rglob("*") if p.is_file())


def _move(project: Path, target: Path) -> None:
    """Move each entry of a project into a folder, or none."""
    moved: list[Path] = []
    try:
        for entry in sorted(project.iterdir()):
            moved.append(entry.rename(target / entry.name))
    except OSError:
        for entry in moved:
            entry.rename(project / entry.name)
        raise
