"""`layergen lint`."""

from __future__ import annotations

from pathlib import Path

import click

from layergen.commands.common import (
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

_EPILOG = """\b
Examples:
  layergen lint swish_dense.yaml
  layergen lint --json specs/*.yaml"""


@click.command(epilog=_EPILOG)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@json_option
@quiet_option
def lint(files: tuple[Path, ...], as_json: bool) -> None:
    """Report every problem in layer specs; exit 2 if there are errors.

    Warnings alone leave the exit code 0; --quiet hides them.
    """
    from layergen.problems import report
    from layergen.project.build import build_all
    from layergen.project.config import load_config

    builds, unread = build_all(files, load_config(Path()))
    problems = [p for p in all_problems(builds) if not (quiet() and p.is_warning)]
    if as_json:
        emit_json(problem_data(problems))
    elif problems:
        put(report(problems) + "\n")
    elif not unread:
        say("no problems." if len(files) > 1 else f"{files[0]}: no problems.")
    complain_of_files(unread)
    finish(WRONG if unread or any(b.failed for b in builds) else OK)
