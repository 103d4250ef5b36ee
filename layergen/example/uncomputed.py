"""The expression that keeps a layer from having sizes, where there is one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from layergen.example.sizes import Sizes, candidates
from layergen.language.evaluate import Failed, Unknown, evaluate
from layergen.language.lookup import Lookup
from layergen.problems import Place
from layergen.source.code import Code, Size

HINT = (
    "a size rests on it: write it with numbers, arguments and dimensions, lists, "
    "comprehensions, `math` and builtins such as `len` and `sum`"
)


class Stuck(Struct, frozen=True):
    """An expression without a value, and why."""

    place: Place
    message: str
    hint: str = ""


def uncomputed(lookup: Lookup, fixed: Mapping[str, Any]) -> Stuck | None:
    """The first expression that has no value whatever sizes are tried."""
    left: dict[Stuck, None] | None = None
    for sizes in candidates(lookup, fixed):
        found = dict.fromkeys(_stuck(lookup, sizes))
        left = {one: None for one in left if one in found} if left else found
        if not left:
            return None
    return next(iter(left or ()), None)


def _stuck(lookup: Lookup, sizes: Sizes) -> Iterator[Stuck]:
    """What fails with these sizes, and what a size depends on that cannot be told."""
    sized = [*_sizes(lookup, sizes)]
    needed = {name for size in sized for name in size.names}
    for one in reversed(lookup.spec.derived):
        if one.name in needed:
            needed |= _names(one.code)
    lacking = {one.name for one in lookup.spec.derived} - {*sizes.values}
    for one in lookup.spec.derived:
        is_first = one.name in needed and not _names(one.code) & lacking
        yield from _reason(one.code.expression, one.code.lines[0], sizes, is_first)
    for condition in (one.condition for one in lookup.spec.require):
        yield from _reason(condition.expression, condition.lines[0], sizes, False)
    for size in sized:
        yield from _reason(size.tree, size.place, sizes, not {*size.names} & lacking)


def _names(code: Code) -> set[str]:
    return {name.id for name in code.names.free}


def _sizes(lookup: Lookup, sizes: Sizes) -> Iterator[Size]:
    spec = lookup.spec
    shapes = [tensor.shape for tensor in spec.inputs]
    shapes += [output.shape for output in spec.outputs or ()]
    shapes += [
        one.shape for one in spec.weights if not one.when or sizes.holds(one.when)
    ]
    shapes += [state.shape for state in spec.states]
    for shape in shapes:
        yield from (dim for dim in shape.dims or () if isinstance(dim, Size))


def _reason(
    tree: ast.expr, place: Place, sizes: Sizes, needed: bool
) -> Iterator[Stuck]:
    """Why an expression has no value; where it is not needed, only that it fails."""
    text = ast.unparse(tree)
    try:
        evaluate(tree, sizes.values)
    except Failed as error:
        yield Stuck(place, f"`{text}` cannot be computed: {error}")
    except Unknown as error:
        if needed:
            part = str(error)
            why = f", for `{part}` in it" if part in text and part != text else ""
            message = f"`{text}` is more than layergen can work out beforehand{why}"
            yield Stuck(place, message, HINT)
