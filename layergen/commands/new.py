"""`layergen new`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from layergen.commands.common import (
    finish,
    json_option,
    nearest,
    only_run,
    quiet_option,
    say,
    shelved,
    style_option,
    tell,
    tell_problems,
)
from layergen.errors import UserError

if TYPE_CHECKING:
    from layergen.project.build import Build
    from layergen.project.config import Project
    from layergen.project.plan import Change
    from layergen.project.source import Source
    from layergen.starter import Wish

_EPILOG = """\b
Examples:
  layergen new swish_dense
  layergen new my_dense --like swish_dense
  layergen new gate --arg "units: int" --input "..., features" \\
    --weight "kernel: [features, units]" --activation swish --forward "x @ kernel"
  layergen new gate --spec draft.yaml"""

_WISHES: list[Callable[..., Any]] = [
    click.option("--doc", metavar="TEXT", help="What it does, in a line."),
    click.option(
        "--arg",
        "args",
        multiple=True,
        metavar="TEXT",
        help='A constructor argument: "units: int". Repeatable.',
    ),
    click.option(
        "--input",
        "inputs",
        multiple=True,
        metavar="TEXT",
        help='An input\'s shape: "..., features"; "name: ..., d" for each of several.',
    ),
    click.option("--output", metavar="TEXT", help='The output\'s shape: "..., units".'),
    click.option(
        "--weight",
        "weights",
        multiple=True,
        metavar="TEXT",
        help='A weight: "kernel: [features, units]". Repeatable.',
    ),
    click.option("--activation", metavar="TEXT", help="The default activation: swish."),
    click.option("--forward", metavar="TEXT", help='The computation: "x @ kernel".'),
]


def wish_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The flags that a starter spec is made from."""
    for option in reversed(_WISHES):
        command = option(command)
    return command


@click.command(epilog=_EPILOG)
@click.argument("name")
@click.option("--like", metavar="LAYER", help="A layer of the gallery, renamed.")
@click.option(
    "--spec", metavar="FILE", help="A finished spec; `-` reads it from stdin."
)
@wish_options
@style_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write side by side to this folder, without a lock.",
)
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@json_option
@quiet_option
def new(
    name: str,
    like: str | None,
    spec: str | None,
    style: str | None,
    out: Path | None,
    overwrite: bool,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Write the spec, the layer and the test of a new layer NAME.

    A NAME of the gallery (`layergen list`) gives that layer. Otherwise the spec is
    another layer's (--like), a finished one (--spec), or a starter made from the flags
    that say what the layer is; on a terminal, with none of these, layergen asks. Files
    that are there and differ are never overwritten.
    """
    from dataclasses import replace

    from layergen.edit import with_value
    from layergen.starter import Wish

    wish = Wish(**wishes)
    given = [
        what
        for what, asked in (
            ("--like", like is not None),
            ("--spec", spec is not None),
            ("the flags that describe a layer", wish != Wish()),
        )
        if asked
    ]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} do not go together.")
    source = _source(name, like, spec, wish)
    if style is not None:
        source = replace(source, text=with_value(source.text, "style", style))
    finish(_write(source, out, overwrite, as_json))


def _source(name: str, like: str | None, spec: str | None, wish: Wish) -> Source:
    """The spec that is to be written, and what reports on it call it."""
    from layergen import gallery
    from layergen.edit import with_value
    from layergen.naming import module_name, pascal_case
    from layergen.project.source import Source
    from layergen.starter import Wish, starter

    stem, layer = module_name(name), pascal_case(name)
    file = f"{stem}.yaml"
    if spec is not None:
        file, text = _finished(spec)
    elif like is not None:
        text = with_value(shelved(like)[1], "layer", layer)
    elif wish != Wish():
        text = starter(layer, wish)
    elif stem in gallery.names():
        text = gallery.text(stem)
    else:
        text = starter(layer, _asked(name))
    return Source(file, stem, text)


def _finished(spec: str) -> tuple[str, str]:
    """Name and text of the spec in a file, or on standard input for `-`."""
    from layergen.project.source import decode, read_text

    if spec != "-":
        return spec, read_text(Path(spec))
    if sys.stdin is None:
        raise UserError("standard input is closed.")
    return "<stdin>", decode(sys.stdin.buffer.read())


def _asked(name: str) -> Wish:
    from layergen import gallery
    from layergen.commands.ask import ask, is_terminal

    if not is_terminal():
        close = nearest(name, gallery.names())
        raise UserError(
            f"{name!r} is not in the gallery{close}. Start from a layer there with "
            f"--like, or say what the layer is with --arg, --input, --weight, --forward."
        )
    return ask()


def _write(source: Source, out: Path | None, overwrite: bool, as_json: bool) -> int:
    from dataclasses import replace

    from layergen.project.build import build
    from layergen.project.config import load_project

    project = load_project(Path())
    config = project.config
    if out is not None:
        config = replace(config, package="")
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
        result.problems,
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
