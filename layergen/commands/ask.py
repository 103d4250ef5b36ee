"""The questions that `layergen new` asks on a terminal."""

from __future__ import annotations

import sys

import click

from layergen.commands.new_starter import Wish

_NONE = "-"


def is_terminal() -> bool:
    """Whether there is somebody to ask; standard input may be closed."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask() -> Wish:
    """Ask for the parts of a starter; an empty answer takes the default."""
    click.echo(
        f"A new layer. Enter takes the default, `{_NONE}` leaves a part out, `;` stands "
        f"between several.",
        err=True,
    )
    doc = _answer("What it does, in a line", _NONE)
    args = _answers("Arguments", "units: int")
    inputs = _answers("Input", "..., features")
    dense = args[:1] == ("units: int",) and inputs == ("..., features",)
    weights = _answers(
        "Weights",
        (
            "kernel: [features, units]; bias: {shape: [units], initializer: zeros}"
            if dense
            else _NONE
        ),
    )
    forward = _answer("Forward", "x @ kernel + bias" if dense and weights else "x")
    output = _answer("Output", "..., units" if dense else _NONE)
    activation = _answer("Activation", _NONE)
    return Wish(
        doc=doc,
        args=args,
        inputs=inputs,
        output=output,
        weights=weights,
        activation=activation,
        forward=forward,
    )


def _answer(question: str, default: str) -> str | None:
    given: str = click.prompt(question, default, err=True)
    return None if given.strip() == _NONE else given.strip()


def _answers(question: str, default: str) -> tuple[str, ...]:
    given = _answer(question, default) or ""
    return tuple(part.strip() for part in given.split(";") if part.strip())
