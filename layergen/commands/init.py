"""`layergen init`."""

from __future__ import annotations

import shlex
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from layergen.commands.common import (
    complain,
    emit_json,
    json_option,
    quiet_option,
    say,
    say_waiting,
)

_EPILOG = """\b
Examples:
  layergen init my_layers
  layergen init my_layers --no-input license=Apache-2.0 author_name="The lab"

\b
Variables (with --no-input each has its default):
  project_name    the name of DIR
  package_name    the name as it is imported; made from project_name
  description     a line for README and metadata
  author_name     for metadata and licence; may stay empty
  license         MIT, Apache-2.0, BSD-3-Clause or none
  minimum_python  3.11, 3.12 or 3.13"""


def _folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    # `Path` takes no name for the current folder, which has one.
    if not value:
        raise click.BadParameter("a folder has a name; `.` is this one.")
    return Path(value)


@click.command(epilog=_EPILOG)
@click.argument("folder", metavar="DIR", callback=_folder)
@click.argument("assignments", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--no-input", is_flag=True, help="Ask nothing; take the defaults.")
@json_option
@quiet_option
def init(
    folder: Path, assignments: tuple[str, ...], no_input: bool, as_json: bool
) -> None:
    """Make a project of layers in DIR, with one example layer.

    It is a package to install with pip: specs, the generated layers and their tests,
    README, licence, a CI workflow and a pre-commit configuration. On a terminal
    layergen asks for what the template leaves open. DIR must not be there yet, or be
    empty.
    """
    from layergen.commands.ask import is_terminal
    from layergen.project.answers import parse
    from layergen.project.bootstrap import bootstrap, free_folder

    given = parse(assignments)
    target = free_folder(folder, say_waiting)
    ask = is_terminal() and not no_input
    context = _context({"project_name": target.name, **given}, ask)
    files = bootstrap(target, context, say_waiting)
    paths = [folder / file for file in files]
    if as_json:
        status = {"status": "created"}
        emit_json({"files": [{"path": p.as_posix(), **status} for p in paths]})
        return
    for path in paths:
        say(f"created {path}")
    _say_what_next(folder)


def _context(given: dict[str, str], ask: bool) -> dict[str, Any]:
    """The answers, asked for until they make a project."""
    from layergen.errors import UserError
    from layergen.project.answers import answered, faults, variables

    while True:
        wrong = faults(given)
        if not wrong:
            # Questions are no output; cookiecutter would put them there.
            with redirect_stdout(sys.stderr):
                context = answered(given, ask)
            answers = context["cookiecutter"]
            wrong = faults(answers)
            if not wrong:
                return context
            given = {key: answers[key] for key in variables()}
        for key, fault in wrong.items():
            if not ask:
                raise UserError(f"{fault} Give another one: {key}=...")
            complain(f"Error: {fault}")
        given = {key: value for key, value in given.items() if key not in wrong}


def _say_what_next(folder: Path) -> None:
    say("\nNext:")
    if folder.resolve() != Path().resolve():
        say(f"  cd {shlex.quote(str(folder))}")
    say('  pip install -e ".[test]"')
    say("  pytest")
    say("  edit specs/gated_dense.yaml, then: layergen generate")
