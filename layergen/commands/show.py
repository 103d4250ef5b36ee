"""`layergen show`."""

from __future__ import annotations

from pathlib import Path

import click

from layergen.commands.common import (
    WRONG,
    complain_of,
    emit,
    finish,
    quiet_option,
    shelved,
    style_option,
)

_SHOW_EPILOG = """\b
Examples:
  layergen show swish_dense
  layergen show swish_dense --code --style functional"""


@click.command(epilog=_SHOW_EPILOG)
@click.argument("name")
@click.option("--spec", is_flag=True, help="Its spec (the default).")
@click.option("--code", is_flag=True, help="The module that it renders to.")
@click.option("--test", is_flag=True, help="The test that it renders to.")
@style_option
@quiet_option
def show(name: str, spec: bool, code: bool, test: bool, style: str | None) -> None:
    """Show one layer of the gallery, exactly as it would be written to a file."""
    from layergen.language.edit import with_value
    from layergen.project.build import build
    from layergen.project.config import load_config
    from layergen.project.source import Source

    if spec + code + test > 1:
        raise click.UsageError("--spec, --code and --test do not go together.")
    stem, text = shelved(name)
    if style is not None:
        text = with_value(text, "style", style)
    if not (code or test):
        emit(text)
        return
    result = build(Source(f"{stem}.yaml", stem, text), load_config(Path()))
    if result.failed:
        complain_of(result.problems)
        finish(WRONG)
    emit(result.files[f"test_{stem}.py" if test else f"{stem}.py"])
