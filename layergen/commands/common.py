"""What the commands share: options, and how they speak."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

import click

from layergen.errors import UserError, reason

if TYPE_CHECKING:
    from layergen.problems import Problem
    from layergen.project.build import Build
    from layergen.project.sink import Report

OK, BROKEN, WRONG = 0, 1, 2
STYLES = ("class", "functional", "both")
_QUIET = "layergen.quiet"


def _remember(context: click.Context, _: click.Parameter, value: bool) -> None:
    context.meta[_QUIET] = value


quiet_option = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_remember,
    help="Say nothing but errors.",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Report in JSON, on standard output."
)
style_option = click.option(
    "--style", type=click.Choice(STYLES), help="Instead of the spec's own style."
)


def quiet() -> bool:
    """Whether the running command was asked to be."""
    return bool(click.get_current_context().meta.get(_QUIET))


def finish(code: int) -> NoReturn:
    """End the running command with an exit code."""
    click.get_current_context().exit(code)


def say(text: str) -> None:
    """What the command is asked for: a line on standard output."""
    if not quiet():
        put(text + "\n")


def emit(text: str) -> None:
    """A file's text, to the byte, on standard output."""
    if not quiet():
        put(text.encode())


def put(text: str | bytes) -> None:
    """Text on standard output, quiet or not."""
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"cannot write to standard output: {reason(error)}.") from None


def emit_json(data: object) -> None:
    """Data on standard output."""
    import json

    say(json.dumps(data, indent=2))


def complain(text: str) -> None:
    """An error: a line on standard error."""
    click.echo(text, err=True)


def complain_of(problems: Iterable[Problem]) -> None:
    """Problems on standard error, without the warnings where quiet."""
    from layergen.problems import report

    shown = [p for p in problems if not (quiet() and p.is_warning)]
    if shown:
        complain(report(shown))


def complain_of_files(errors: Iterable[UserError]) -> None:
    """Files that cannot be read, on standard error."""
    for error in errors:
        complain(f"Error: {error}")


def problem_data(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Problems for `--json`."""
    return [
        {
            "file": problem.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
            "severity": "warning" if problem.is_warning else "error",
        }
        for problem in sorted(problems)
    ]


def all_problems(builds: Iterable[Build]) -> list[Problem]:
    """The problems of several specs."""
    return [problem for build in builds for problem in build.problems]


def tell(
    report: Report | None,
    builds: Iterable[Build],
    as_json: bool,
    overwrite_hint: str,
) -> int:
    """Tell what became of specs and of their files; the exit code.

    There is no report where a spec has errors.
    """
    problems = all_problems(builds)
    if as_json:
        emit_json(
            {
                "files": report.data if report else [],
                "problems": problem_data(problems),
            }
        )
    else:
        complain_of(problems)
    if report is None:
        return WRONG
    if not as_json:
        for line in report.lines:
            say(line)
    if report.mode in ("write", "dry-run"):
        for path in report.kept:
            complain(f"{path} is left as it is: {overwrite_hint}")
    return report.exit_code


def nearest(name: str, known: Iterable[str]) -> str:
    """` (nearest: ...)` for a message on an unknown name."""
    import difflib

    close = difflib.get_close_matches(name, list(known), 3, 0.5)
    return f" (nearest: {', '.join(close)})" if close else ""


def shelved(name: str) -> tuple[str, str]:
    """File stem and text of the spec of a layer in the gallery, in either spelling."""
    from layergen import gallery
    from layergen.spec.naming import to_snake_case

    stem = to_snake_case(name)
    if stem not in gallery.names():
        close = nearest(stem, gallery.names())
        raise UserError(
            f"{name!r} is not in the gallery{close}; `layergen list` lists it."
        )
    return stem, gallery.text(stem)
