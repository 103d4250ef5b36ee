"""`layergen explain`."""

from __future__ import annotations

import click

from layergen.commands.common import quiet_option, say
from layergen.nearest import aside


@click.command(epilog="\b\nExample:\n  layergen explain LG101")
@click.argument("code")
@quiet_option
def explain(code: str) -> None:
    """Say what a problem's CODE means, with a bad and a good example."""
    from layergen.codes import CODES
    from layergen.errors import UserError

    known = CODES.get(code.upper())
    if known is None:
        raise UserError(
            f"there is no problem code {code!r}{aside(code.upper(), CODES)}."
        )
    say(f"{code.upper()}: {known.title}\n\n{known.meaning.strip()}")
    for label, example in (("Bad", known.bad), ("Good", known.good)):
        if example:
            indented = "\n".join(
                f"    {line}".rstrip() for line in example.strip("\n").split("\n")
            )
            say(f"\n{label}:\n\n{indented}")
