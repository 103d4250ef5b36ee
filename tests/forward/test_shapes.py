"""Shapes of any rank, held to those of NumPy's arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layergen.forward import shapes
from layergen.forward.shapes import REST, at_any_rank, broadcast, expanded, folded
from layergen.forward.sizes import size_of, value_of
from layergen.keras_tables import own_rules

NAMES = {"a": 2, "b": 3, "one": 1}
dims = st.lists(st.sampled_from([*NAMES, 1, 4]), max_size=3)
rests = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)
axes = st.integers(-4, 3)
any_rank = st.tuples(dims, st.booleans(), dims)
"""Sizes, whether `...` comes after them, and sizes after it."""

Drawn = tuple[list[Any], bool, list[Any]]


def shape(drawn: Drawn) -> tuple[Any, ...]:
    before, has_rest, after = drawn
    sizes = [
        [one if isinstance(one, int) else size_of(one) for one in part]
        for part in (before, after)
    ]
    return (*sizes[0], *([REST] if has_rest else []), *sizes[1])


def real(found: Any, rest: tuple[int, ...]) -> list[int | None]:
    sizes: list[int | None] = []
    for one in found:
        if one is REST:
            sizes += rest
        else:
            sizes.append(None if one is None else value_of(one, NAMES))
    return sizes


def fits(found: Any, array: tuple[int, ...], rest: tuple[int, ...]) -> bool:
    if found is None:
        return True
    sizes = real(found, rest)
    return len(sizes) == len(array) and all(
        one in (None, size) for one, size in zip(sizes, array, strict=True)
    )


Rule = Callable[..., Any]
RULES: dict[str, tuple[Rule, Rule]] = {
    "transpose": (lambda x, i, k: own_rules.transpose(x), lambda x, i, k: x.T),
    "swapaxes": (own_rules.swapaxes, numpy.swapaxes),
    "moveaxis": (own_rules.moveaxis, numpy.moveaxis),
    "expand_dims": (
        lambda x, i, k: own_rules.expand_dims(x, i),
        lambda x, i, k: numpy.expand_dims(x, i),
    ),
    "ravel": (
        lambda x, i, k: own_rules.reshape(x, (-1,)),
        lambda x, i, k: x.reshape(-1),
    ),
    "reshape": (
        lambda x, i, k: own_rules.reshape(x, (-1, x[-1])),
        lambda x, i, k: x.reshape(-1, x.shape[-1]),
    ),
    "repeat": (
        lambda x, i, k: own_rules.repeat(x, 2, i),
        lambda x, i, k: numpy.repeat(x, 2, i),
    ),
    "concatenate": (
        lambda x, i, k: own_rules.concatenate([x, x], i),
        lambda x, i, k: numpy.concatenate([x, x], i),
    ),
    "stack": (
        lambda x, i, k: own_rules.stack([x, x, x], i),
        lambda x, i, k: numpy.stack([x, x, x], i),
    ),
    "diagonal": (
        lambda x, i, k: own_rules.diagonal(x, 0, i, k),
        lambda x, i, k: numpy.diagonal(x, 0, i, k),
    ),
    "tile": (
        lambda x, i, k: own_rules.tile(x, (2, 3)),
        lambda x, i, k: numpy.tile(x, (2, 3)),
    ),
    "outer": (
        lambda x, i, k: own_rules.outer(x, x),
        lambda x, i, k: numpy.outer(x, x),
    ),
    "matmul": (
        lambda x, i, k: own_rules.matmul(x, own_rules.swapaxes(x, -1, -2)),
        lambda x, i, k: x @ numpy.swapaxes(x, -1, -2),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_rules_hold_at_any_rank(name: str) -> None:
    rule, function = RULES[name]
    told = []

    @given(any_rank, rests, axes, axes)
    def check(drawn: Drawn, rest: tuple[int, ...], i: int, k: int) -> None:
        whole = shape(drawn)
        try:
            array = function(numpy.zeros(real(whole, rest)), i, k).shape
        except (ValueError, IndexError):
            return
        found = at_any_rank(lambda n: rule(expanded(whole, n), i, k), REST in whole)
        told.append(found is not None)
        assert fits(found, array, rest)

    check()
    assert any(told)


@given(any_rank, any_rank, rests)
@example((["a"], True, []), (["b", "a", "a"], False, []), (1,))
def test_broadcasting(one: Drawn, other: Drawn, rest: tuple[int, ...]) -> None:
    left, right = shape(one), shape(other)
    found, pairs = broadcast(left, right)
    try:
        array = numpy.broadcast_shapes(*(tuple(real(s, rest)) for s in (left, right)))
    except ValueError:
        return
    assert fits(found, array, rest)
    for two in pairs:
        sizes = [value_of(size, NAMES) for size in two]
        assert sizes[0] == sizes[1] or 1 in sizes


@given(any_rank, any_rank, rests)
def test_what_cannot_be_broadcast_is_told(
    one: Drawn, other: Drawn, rest: tuple[int, ...]
) -> None:
    """Where sizes are known by name alone, those that must agree are among the pairs."""
    left, right = shape(one), shape(other)
    if REST in left or REST in right:
        return
    try:
        numpy.broadcast_shapes(*(tuple(real(s, rest)) for s in (left, right)))
    except ValueError:
        pairs = broadcast(left, right)[1]
        sizes = [[value_of(size, NAMES) for size in two] for two in pairs]
        assert any(a != b and 1 not in (a, b) for a, b in sizes)


@given(any_rank, st.integers(1, 4))
def test_what_is_expanded_folds_again(drawn: Drawn, count: int) -> None:
    whole = shape(drawn)
    found = expanded(whole, count)
    assert len(found) == len(whole) - (REST in whole) + count * (REST in whole)
    assert folded(found, count) == whole


@given(any_rank, any_rank, rests)
def test_what_is_joined_holds_of_both(
    one: Drawn, other: Drawn, rest: tuple[int, ...]
) -> None:
    left, right = shape(one), shape(other)
    both = shapes.joined(left, right)
    for each in (left, right):
        assert fits(both, tuple(real(each, rest)), rest)  # type: ignore[arg-type]


def test_a_rule_that_fails_says_nothing() -> None:
    assert at_any_rank(lambda count: 1 // 0, True) is None
    assert at_any_rank(lambda count: [(count,)] * count, True) is None
    assert at_any_rank(lambda count: [(1,), (2,)], True) == [(1,), (2,)]


def test_a_rule_that_differs_by_rank_says_nothing() -> None:
    assert at_any_rank(lambda count: (1,) * count, True) is None
    assert at_any_rank(lambda count: (count,), True) == (None,)
