"""`layergen lint`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from layergen.commands.common import (
    BROKEN,
    OK,
    WRONG,
    all_problems,
    complain_of_files,
    emit_json,
    finish,
    json_option,
    problem_data,
    put,
    quiet,
    quiet_option,
    say,
)
from layergen.errors import UserError

if TYPE_CHECKING:
    from layergen.problems import Problem

_EPILOG = """\b
Examples:
  layergen lint swish_dense.yaml
  layergen lint my_layers.py
  layergen lint --json specs/*.yaml src/*.py"""


@click.command(epilog=_EPILOG)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@json_option
@quiet_option
def lint(files: tuple[Path, ...], as_json: bool) -> None:
    """Report every problem in layer specs (.yaml) and in hand-written Keras layers
    (.py), which are read and not run.

    Exit 1 if layers have faults, exit 2 if a spec has errors or a file cannot be read.
    Warnings alone leave the exit code 0; --quiet hides them. A comment `# noqa: CODE`
    on a line of Python silences what is found there.
    """
    from layergen.problems import report
    from layergen.project.build import lay_out_all
    from layergen.project.config import load_config

    layers, specs, folders = _parted(files)
    builds, unread = lay_out_all(specs, load_config(Path())) if specs else ([], [])
    faults, unread_layers = _check_all(layers)
    unread += unread_layers
    unread += [
        UserError(
            f"{one} is a folder: name the specs (.yaml) or the layers (.py) in it."
        )
        for one in folders
    ]
    found = [*all_problems(builds), *faults]
    problems = [one for one in found if not (quiet() and one.is_warning)]
    if as_json:
        emit_json(problem_data(problems))
    elif problems:
        put(report(problems) + "\n")
    elif not unread:
        say("no problems." if len(files) > 1 else f"{files[0]}: no problems.")
    complain_of_files(unread)
    if unread or any(build.failed for build in builds):
        finish(WRONG)
    finish(_exit_code(faults))


def _parted(files: Iterable[Path]) -> tuple[list[Path], list[Path], list[Path]]:
    """The files of Python, the other files, and the folders; none twice."""
    once = dict.fromkeys(files)
    folders = [path for path in once if path.is_dir()]
    files = [path for path in once if path not in folders]
    layers = [path for path in files if path.suffix == ".py"]
    return layers, [path for path in files if path.suffix != ".py"], folders


def _check_all(paths: list[Path]) -> tuple[list[Problem], list[UserError]]:
    """The faults of hand-written layers, and the files that cannot be read."""
    faults: list[Problem] = []
    unread: list[UserError] = []
    if paths:
        from layergen.lint.check import check_file

        for path in paths:
            try:
                faults += check_file(path)
            except UserError as error:
                unread.append(error)
    return faults, unread


def _exit_code(faults: Iterable[Problem]) -> int:
    from layergen.problems import UNREADABLE

    errors = {one.code for one in faults if not one.is_warning}
    if UNREADABLE in errors:
        return WRONG
    return BROKEN if errors else OK
