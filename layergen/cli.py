"""The `layergen` command.

Starting it imports click and nothing heavier: each command imports what it works with
when it runs.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from contextlib import suppress
from typing import Any

import click

from layergen import __version__, interrupts
from layergen.commands.common import WRONG
from layergen.commands.eject import eject
from layergen.commands.explain import explain
from layergen.commands.generate import generate
from layergen.commands.init import init
from layergen.commands.lint import lint
from layergen.commands.list import list_gallery
from layergen.commands.new import new
from layergen.commands.remove import remove
from layergen.commands.schema import schema
from layergen.commands.show import show
from layergen.commands.status import status
from layergen.commands.verify import verify
from layergen.errors import UserError

_EPILOG = """\b
Example:
  layergen new swish_dense
  pytest test_swish_dense.py"""


class Wrong(click.ClickException):
    """Shows its message after `Error: `."""

    exit_code = WRONG


class Program(click.Group):
    """The group of commands, in their own order; tells a user's error in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            if interrupts.came():
                interrupts.stop()
            raise Wrong(str(error)) from None


@click.group(cls=Program, epilog=_EPILOG)
@click.version_option(__version__, message="layergen %(version)s")
def cli() -> None:
    """Write Keras layers from short YAML specs, each with a test that proves it."""


WORK = (new, generate, status, eject, remove, lint, verify)
for command in (init, *WORK, explain, list_gallery, show, schema):
    cli.add_command(command)


def main() -> None:
    """Run the command line of this process, which ends with it."""
    # A command lives for a moment: collecting and freeing what it holds takes longer
    # than the system takes to drop it.
    gc.set_threshold(200_000)
    for stream in (sys.stdout, sys.stderr):
        # A closed stream is None; a name that the terminal cannot show is no reason
        # to fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    code: object = 0
    try:
        cli.main(prog_name="layergen")
    except SystemExit as end:
        code = end.code
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError):
            stream.flush()
    if interrupts.came():
        interrupts.stop()
    # There is nothing to clear away: layers are run by a process of their own.
    os._exit(code if isinstance(code, int) else 0)
