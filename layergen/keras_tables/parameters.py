"""The parameters of a function or class of Keras."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

OF_SIZES = frozenset(
    (
        "M",
        "N",
        "k",
        "n",
        "newshape",
        "num",
        "num_classes",
        "num_samples",
        "num_segments",
    )
    + ("output_shape", "output_size", "pad_width", "repeats", "shape", "size", "x")
)
"""Parameters of functions that may be sizes which are known by name alone."""


UNREACHED = {"full_like": ("x",), "nextafter": ("x2",)}
"""Parameters to which no gradient gets, of functions that let it through to others."""


class Parameter(Struct, frozen=True):
    """A parameter; `default` is its text, None where it is required.

    `how` is `any` for one that is given by position or name, `name` for one by name
    alone, `*` and `**` for what takes the rest.
    """

    name: str
    default: str | None = None
    how: str = "any"

    @property
    def required(self) -> bool:
        return self.default is None and self.how in ("any", "name")


@cache
def parameters_of(signature: str) -> tuple[Parameter, ...]:
    """The parameters that a signature of the table tells."""
    return tuple(_parameters(signature))


def _parameters(signature: str) -> Iterator[Parameter]:
    tree = ast.parse(f"lambda {signature}: 0", mode="eval").body
    assert isinstance(tree, ast.Lambda)
    given = tree.args
    plain = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(plain) - len(given.defaults)) + [*given.defaults]
    for one, default in zip(plain, defaults, strict=True):
        yield Parameter(one.arg, ast.unparse(default) if default else None)
    if given.vararg:
        yield Parameter(given.vararg.arg, how="*")
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield Parameter(one.arg, ast.unparse(default) if default else None, "name")
    if given.kwarg:
        yield Parameter(given.kwarg.arg, how="**")
