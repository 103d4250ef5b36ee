"""Which sizes of tensors must be equal for a function of `keras.ops` to work.

A rule takes the shapes of the tensors, and those of `axis`, `axes` and `subscripts` that the
call gives; it gives pairs of sizes. Broadcasting is not among them: there a 1 gives way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Pair = tuple[Any, Any]


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

VERBS = {
    "concatenate": "concatenated",
    "dot": "multiplied",
    "einsum": "contracted",
    "matmul": "multiplied",
    "stack": "stacked",
    "tensordot": "contracted",
}
"""What is done to the tensors."""
