"""What the command line states of a layer, as `LayerCase` has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from layergen.commands.verify_apart import Request
from layergen.errors import UserError
from layergen.nearest import aside

# The options that state what a spec says itself, by the fields of a request.
OF_A_CLASS = {
    "args": "--args",
    "inputs": "--input",
    "call_args": "--call-args",
    "mask": "--mask",
    "open_axes": "--open-axis",
    "mixes_rows": "--mixes-rows",
    "training": "--training",
    "random": "--random",
    "gradient": "--gradient",
    "zero_gradients": "--zero-gradient",
    "losses": "--losses",
}


def stated_of_a_class(request: Request) -> list[str]:
    """The options given that say what a spec says itself."""
    unsaid = Request(request.target)
    return [
        option
        for field, option in OF_A_CLASS.items()
        if getattr(request, field) != getattr(unsaid, field)
    ]


def statements(request: Request) -> dict[str, Any]:
    """The keywords of a `LayerCase` that options give."""
    return dict(_statements(request))


def _statements(request: Request) -> Iterator[tuple[str, Any]]:
    from layergen.commands.verify_target import mapping

    if request.strict:
        yield "strict", True
    if request.call_args is not None:
        yield "call_args", mapping("--call-args", request.call_args)
    if request.mask:
        yield "mask", request.mask
    if request.open_axes:
        yield "unknown", _axes(request.open_axes)
    if request.mixes_rows:
        yield "rows_independent", False
    if request.training:
        yield "training", True
    if request.random:
        yield "random", True
    if request.gradient:
        yield "gradient", None if request.gradient == "none" else request.gradient
    if request.zero_gradients:
        yield "zero_gradient", request.zero_gradients
    if request.losses is not None:
        yield "losses", request.losses


def _axes(texts: tuple[str, ...]) -> tuple[int, ...]:
    """The axes that may be unknown: the batch and those named, or none at all."""
    if texts == ("none",):
        return ()
    for text in texts:
        if not text.isdecimal():
            raise UserError(
                f"--open-axis {text!r} is no axis: write its number, the batch's being "
                "0, or none."
            )
    return tuple(sorted({0, *map(int, texts)}))


def expected(texts: tuple[str, ...]) -> dict[str, str]:
    """The checks that are known to fail, each with the reason."""
    from layergen.testing import CHECKS

    found = {}
    for text in texts:
        name, _, reason = text.partition("=")
        if not reason.strip():
            raise UserError(
                f'--expect {text!r} gives no reason: write CHECK="why it fails".'
            )
        if name not in CHECKS:
            raise UserError(
                f"--expect: there is no check {name!r}{aside(name, CHECKS)}."
            )
        found[name] = reason
    return found
