"""What a spec's code shares out: sizes that it divides by a count, such as one of heads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from layergen.language.evaluate import Unknown, evaluate
from layergen.language.lookup import Lookup
from layergen.source.walk import nodes


def shared_among(lookup: Lookup) -> set[str]:
    """The arguments that sizes are divided by: counts, such as one of heads."""
    return {name for name, _ in _divisions(lookup)} & {*lookup.args}


def leaves_a_rest(lookup: Lookup, values: Mapping[str, Any]) -> bool:
    """Whether something is left where a size is divided by a count that is no default.

    A layer of so many heads has a size for each: the rest of a division would fit none.
    """
    counts = {
        arg.name
        for arg in lookup.spec.args
        if not arg.required and arg.type.is_size and values.get(arg.name) != arg.default
    }
    for name, size in _divisions(lookup) if counts else ():
        if name in counts:
            try:
                rest = ast.BinOp(size, ast.Mod(), ast.Name(name, ast.Load()))
                if evaluate(rest, values):
                    return True
            except Unknown:
                continue
    return False


def _divisions(lookup: Lookup) -> Iterator[tuple[str, ast.expr]]:
    """The names that integers are divided by in a spec's code, with what is divided."""
    spec = lookup.spec
    codes = [one.code for one in spec.derived]
    codes += [spec.forward, *(one.forward for one in spec.functions)]
    codes += [one.condition for one in spec.require]
    for node in nodes([tree for code in codes for tree in code.body]):
        match node:
            case ast.BinOp(size, ast.FloorDiv() | ast.Mod(), ast.Name(name)):
                yield name, size
