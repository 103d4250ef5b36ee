"""The sizes that must agree for a function of `keras.ops` to work."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from layergen.forward import operations, result_shapes, shapes
from layergen.forward.findings import Reader
from layergen.forward.shapes import Pair
from layergen.keras_tables.operations import Operation


def check(
    reader: Reader, node: ast.expr, found: Operation, given: Mapping[str, Any]
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


def _matmul(axes: list[Any], **others: Any) -> Iterator[Pair]:
    one, other = axes
    yield one[-1], other[-2] if len(other) > 1 else other[-1]


def _tensordot(axes: list[Any], **plain: Any) -> Iterator[Pair]:
    one, other = axes
    which = plain.get("axes", 2)
    if isinstance(which, int):
        yield from zip(one[len(one) - which :], other[:which], strict=True)
    else:
        left, right = ((w,) if isinstance(w, int) else w for w in which)
        for i, k in zip(left, right, strict=True):
            yield one[i], other[k]


def _einsum(axes: list[Any], subscripts: str) -> Iterator[Pair]:
    if "." in subscripts:
        return
    terms = subscripts.replace(" ", "").partition("->")[0].split(",")
    sizes: dict[str, Any] = {}
    for letters, shape in zip(terms, axes, strict=True):
        for letter, size in zip(letters, shape, strict=True):
            if letter in sizes:
                yield sizes[letter], size
            else:
                sizes[letter] = size


def _concatenate(axes: list[Any], axis: int = 0) -> Iterator[Pair]:
    rank = len(axes[0])
    for other in axes[1:]:
        for i, (one, two) in enumerate(zip(axes[0], other, strict=True)):
            if i != axis % rank:
                yield one, two


def _stack(axes: list[Any], axis: int = 0) -> Iterator[Pair]:
    for other in axes[1:]:
        yield from zip(axes[0], other, strict=True)


RULES: dict[str, Callable[..., Iterator[Pair]]] = {
    "matmul": _matmul,
    "dot": _matmul,
    "tensordot": _tensordot,
    "einsum": _einsum,
    "concatenate": _concatenate,
    "stack": _stack,
}
