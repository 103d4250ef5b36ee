"""A new project of layers: the template rendered, its layers generated, put in place.

All is made in a temporary folder on the same file system; the project then appears by
one rename. Only where its folder is there already, and somebody may stand in it, its
entries are moved one by one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from errno import ENOTDIR
from pathlib import Path
from typing import Any

from layergen.errors import UserError, reason
from layergen.project.answers import TEMPLATE


def free_folder(folder: Path) -> Path:
    """The folder, resolved: one that can be made, or is there and empty but for `.git`.

    Raises:
        UserError: If there is something else.
    """
    try:
        target = folder.resolve()
        if not target.exists():
            _existing(target.parent)
            return target
        there = sorted(entry.name for entry in target.iterdir() if entry.name != ".git")
    except (OSError, RuntimeError) as error:
        why = reason(error) if isinstance(error, OSError) else "it is a link to itself"
        raise UserError(f"cannot make a project in {folder}: {why}.") from None
    if there:
        raise UserError(
            f"{folder} is not empty (it holds {there[0]}); nothing is written. Name a "
            f"new folder."
        )
    return target


def _existing(folder: Path) -> Path:
    """The nearest folder above that is there."""
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
    return folder


def bootstrap(target: Path, context: Mapping[str, Any]) -> list[Path]:
    """Make the project in a free folder; the paths of its files in there, sorted."""
    from cookiecutter.generate import generate_files

    try:
        above = _existing(target.parent)
        with tempfile.TemporaryDirectory(prefix=".layergen-", dir=above) as scratch:
            # Hooks are code that would run here; the template has none.
            project = Path(
                generate_files(
                    str(TEMPLATE), dict(context), output_dir=scratch, accept_hooks=False
                )
            )
            _generate(project)
            files = _files(project)
            _put_in_place(project, target)
    except OSError as error:
        raise UserError(f"cannot write {target}: {reason(error)}.") from None
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


def _put_in_place(project: Path, target: Path) -> None:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        project.rename(target)
        return
    moved: list[Path] = []
    try:
        for entry in sorted(project.iterdir()):
            moved.append(entry.rename(target / entry.name))
    except OSError:
        for entry in moved:
            entry.rename(project / entry.name)
        raise
