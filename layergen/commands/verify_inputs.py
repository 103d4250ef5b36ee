"""Inputs as the command line states them: `tokens: 2, 5 int32 0..9`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from layergen.errors import UserError
from layergen.nearest import aside

_NUMBER = r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?"
_INPUT = re.compile(
    r"\s*(?:(?P<name>[^\W\d]\w*)\s*:)?\s*(?P<sizes>\d+(?:\s*,\s*\d+)*)\s*,?"
    r"(?:\s+(?P<dtype>[a-z]+\d*)"
    rf"(?:\s+(?P<min>{_NUMBER})\s*\.\.\s*(?P<max>{_NUMBER}))?)?\s*"
)
_WHOLE = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
_DTYPES = ["bool", *_WHOLE, "float16", "float32", "float64"]


def inputs(
    texts: Iterable[str], names: list[str], known: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """Inputs by name, from texts; None where there are none.

    One without a name is the next parameter of `call` that must be given; one that is
    named several times is a list of tensors. Where `call` takes one tensor only and there
    are several inputs, they are a list, or where all have names the members of a dict.

    Args:
        texts: What the user wrote.
        names: The parameters of `call` that must be given.
        known: All of its parameters with their defaults; None where it takes any.
    """
    found: dict[str, Any] = {}
    unnamed, texts = [], list(texts)
    read = [_input(text) for text in texts]
    if are_members([name for name, _ in read], names, known):
        names, known = [], None
    for text, (name, value) in zip(texts, read, strict=True):
        if name is None:
            unnamed.append(value)
        elif name in found:
            before = found[name]
            found[name] = [*(before if isinstance(before, list) else [before]), value]
        elif known is not None and name not in known:
            close = aside(name, known, f"; it takes {', '.join(known)}")
            raise UserError(f"--input {text!r}: `call` has no {name!r}{close}.")
        else:
            found[name] = value
    free = [name for name in names if name not in found]
    if len(unnamed) > 1 and len(names) == 1 and free:
        return {free[0]: unnamed, **found}
    if len(unnamed) > len(free):
        listed = ", ".join(names) or "none"
        raise UserError(f"there are more inputs than the layer takes ({listed}).")
    found.update(zip(free, unnamed, strict=False))
    return {n: found[n] for n in dict.fromkeys([*names, *found]) if n in found} or None


def are_members(
    given: Iterable[str | None], names: list[str], known: dict[str, Any] | None
) -> bool:
    """Whether inputs of these names are the members of the one dict that `call` takes.

    A parameter that may be left out is no further input where its default is a value.
    """
    found = [*given]
    alone = known is not None and len(names) == 1 and not {*found} & {None, *known}
    others = [
        name
        for name, default in (known or {}).items()
        if name in names or (default is None and name not in ("training", "mask"))
    ]
    return alone and others == names and len(found) > 1


def _input(text: str) -> tuple[str | None, Any]:
    """An input and its name, if it has one."""
    from layergen.testing import Input

    match = _INPUT.fullmatch(text)
    if not match:
        raise UserError(
            f"--input {text!r} is no input: write sizes, batch first, as in '32, 16'; "
            "name, dtype and range may be added: 'tokens: 32, 16 int32 0..99'."
        )
    shape = tuple(int(size) for size in match["sizes"].split(","))
    if 0 in shape:
        raise UserError(f"--input {text!r}: sizes start at 1.")
    dtype = match["dtype"]
    if dtype is None:
        return match["name"], shape
    if dtype not in _DTYPES:
        close = aside(dtype, _DTYPES, f"; there are {', '.join(_DTYPES)}")
        raise UserError(f"--input {text!r}: there is no dtype {dtype!r}{close}.")
    limits = [None if match[m] is None else float(match[m]) for m in ("min", "max")]
    if problem := _wrong_range(dtype, *limits):
        raise UserError(f"--input {text!r}: {problem}.")
    return match["name"], Input(shape, dtype, *limits)


def _wrong_range(dtype: str, least: float | None, most: float | None) -> str:
    """What is wrong with a range of values; "" where nothing is."""
    import numpy as np

    if least is None or most is None:
        return ""
    if least > most:
        return f"the range begins at {least:g}, above its end {most:g}"
    if dtype in _WHOLE:
        if not (least.is_integer() and most.is_integer()):
            return f"the range of {dtype} is of whole numbers"
        held = np.iinfo(dtype)
        if least < held.min or most > held.max:
            return f"{dtype} holds {held.min} to {held.max} only"
    return ""
