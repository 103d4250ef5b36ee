"""What the commands share: options, and how they speak."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from layergen.errors import UserError, reason
from layergen.nearest import aside
from layergen.project.config import STYLES

if TYPE_CHECKING:
    from layergen.problems import Problem
    from layergen.project.build import Build
    from layergen.project.config import Project
    from layergen.project.report import Report

OK, BROKEN, WRONG = 0, 1, 2
LONG = 40
FEW = 10
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
    """Data on standard output, quiet or not: they are what was asked for."""
    import json

    put(json.dumps(data, indent=2) + "\n")


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


def problem_data(
    problems: Iterable[Problem], accepted: Collection[Problem] = ()
) -> list[dict[str, object]]:
    """Problems for `--json`; those that the user has accepted are no errors."""
    return [
        {
            "file": problem.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
            "severity": (
                "warning" if problem.is_warning or problem in accepted else "error"
            ),
        }
        for problem in sorted(problems)
    ]


def all_problems(builds: Iterable[Build]) -> list[Problem]:
    """The problems of several specs."""
    return [problem for build in builds for problem in build.problems]


def tell_problems(builds: Iterable[Build], as_json: bool) -> int:
    """Tell why specs cannot be rendered; the exit code."""
    problems = all_problems(builds)
    if as_json:
        emit_json({"files": [], "problems": problem_data(problems)})
    else:
        complain_of(problems)
    return WRONG


def say_unproven(files: Sequence[str]) -> None:
    """Say which specs leave their layers' values with nothing to be held to."""
    if files:
        more = f" and {len(files) - FEW} more" if len(files) > FEW else ""
        say(
            f"unproven: {', '.join(files[:FEW])}{more}; without `equivalent` or "
            "`reference` nothing says what the values must be."
        )


def unproven(builds: Iterable[Build]) -> list[str]:
    """The specs that leave their layers' values with nothing to be held to."""
    return sorted(one.source.file for one in builds if not one.proven)


def tell(
    report: Report,
    builds: Collection[Build],
    as_json: bool,
    kept_hint: str,
) -> int:
    """Tell what becomes of files, with the problems of their specs; the exit code."""
    problems = all_problems(builds)
    if as_json:
        emit_json(
            {
                "files": report.data,
                "problems": problem_data(problems),
                "unproven": unproven(builds),
            }
        )
        return report.exit_code
    complain_of(problems)
    for line in report.lines:
        say(line)
    if report.mode in ("write", "dry-run"):
        for change in report.kept:
            complain(f"{change.planned.path} is left as it is: {kept_hint}")
        say_unproven(unproven(builds))
    return report.exit_code


@contextmanager
def only_run(project: Project, writes: bool = True) -> Iterator[None]:
    """Let no other run write in the project meanwhile."""
    from layergen.project.running import alone

    if not writes:
        yield
        return
    with alone(project.root, say_waiting):
        yield


def say_waiting() -> None:
    """Tell why nothing happens for a while."""
    complain("waiting for another layergen at work here ...")


def with_progress(builds: Iterator[Build], count: int) -> Iterator[Build]:
    """Builds as they come; on a terminal, with a bar where there are many."""
    stream = sys.stderr
    if count < LONG or quiet() or stream is None or not stream.isatty():
        yield from builds
        return
    with click.progressbar(builds, count, "Rendering", file=stream) as bar:
        yield from bar


def shelved(name: str) -> tuple[str, str]:
    """File stem and text of the spec of a layer in the gallery, in either spelling."""
    from layergen import gallery
    from layergen.language.naming import to_snake_case

    stem = to_snake_case(name)
    if stem not in gallery.names():
        close = aside(stem, gallery.names())
        raise UserError(
            f"{name!r} is not in the gallery{close}; `layergen list` lists it."
        )
    return stem, gallery.text(stem)
