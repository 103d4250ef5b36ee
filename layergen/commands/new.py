"""`layergen new`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from layergen.commands.common import (
    finish,
    json_option,
    quiet_option,
    shelved,
    style_option,
)
from layergen.commands.new_files import make
from layergen.errors import UserError
from layergen.nearest import aside

if TYPE_CHECKING:
    from layergen.commands.new_starter import Wish
    from layergen.project.source import Source

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
    click.option(
        "--call-arg",
        "call_args",
        multiple=True,
        metavar="TEXT",
        help='An argument of call: "start_index: int | Tensor = 0". Repeatable.',
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
    from msgspec.structs import replace

    from layergen.commands.new_starter import Wish
    from layergen.language.edit import with_value

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
    finish(make(source, out, overwrite, as_json))


def _source(name: str, like: str | None, spec: str | None, wish: Wish) -> Source:
    """The spec that is to be written; `file` is one that the user named, or empty."""
    from layergen import gallery
    from layergen.commands.new_names import module_name, pascal_case
    from layergen.commands.new_starter import Wish, starter
    from layergen.language.edit import with_value
    from layergen.project.source import Source

    stem, layer = module_name(name), pascal_case(name)
    file = ""
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
    from layergen.limits import BYTES
    from layergen.project.source import decode, read_text

    if spec != "-":
        return spec, read_text(Path(spec))
    if sys.stdin is None:
        raise UserError("standard input is closed.")
    data = sys.stdin.buffer.read(BYTES + 1)
    if len(data) > BYTES:
        raise UserError(f"standard input holds more than a spec's {BYTES // 1024} KiB.")
    return "<stdin>", decode(data)


def _asked(name: str) -> Wish:
    from layergen import gallery
    from layergen.commands.ask import ask, is_terminal

    if not is_terminal():
        close = aside(name, gallery.names())
        raise UserError(
            f"{name!r} is not in the gallery{close}. Start from a layer there with "
            f"--like, or say what the layer is with --arg, --input, --weight, --forward."
        )
    return ask()
