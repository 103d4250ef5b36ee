"""The sizes that must agree for a function of `keras.ops` to work."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from layergen.forward import operations, result_shapes, shapes
from layergen.forward.findings import Reader
from layergen.forward.shapes import Pair
from layergen.keras_tables.meeting_rules import RULES
from layergen.keras_tables.operations import Operation


def check(
    reader: Reader,
    node: ast.expr | ast.AugAssign,
    found: Operation,
    given: Mapping[str, Any],
) -> None:
    """Keep the sizes that must agree in a call."""
    if found.kind == "broadcast":
        several = operations.tensors(found, given, found.shaped)
        parts = [result_shapes.tensor_shape(one) for v in several.values() for one in v]
        if len(parts) > 1:
            reader.meet(node, found.name, parts, shapes.broadcast(*parts)[1])
        return
    rule = RULES.get(found.name)
    if rule is None:
        return
    given_shapes = tuple(_shapes(found, given))
    pairs = _pairs(rule, found, given, given_shapes)
    reader.meet(node, found.name, given_shapes, pairs, exactly=True)


def _shapes(found: Operation, given: Mapping[str, Any]) -> Iterator[shapes.Shape]:
    for several in operations.tensors(found, given, found.shaped).values():
        for one in several:
            yield result_shapes.tensor_shape(one)


def _pairs(
    rule: Callable[..., Iterator[Pair]],
    found: Operation,
    given: Mapping[str, Any],
    all_shapes: tuple[shapes.Shape, ...],
) -> list[Pair]:
    if any(not isinstance(one, tuple) for one in all_shapes):
        return []
    count = shapes.TRIED[0]
    axes = [shapes.expanded(one, count) for one in all_shapes if isinstance(one, tuple)]
    plain = {}
    for name in ("axis", "axes", "subscripts"):
        if name in given:
            try:
                plain[name] = operations.plain(given[name], count)
            except operations.NotKnown:
                return []
    try:
        pairs = list(rule(axes, **plain))
    except (IndexError, TypeError, ValueError):
        return []
    # Of the axes in `...` nothing is known but that they are the same everywhere.
    return [pair for pair in pairs if not any(map(shapes.is_of_rest, pair))]
