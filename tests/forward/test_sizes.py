"""Sizes, held to Python's own integers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layergen.forward.sizes import (
    Axis,
    Poly,
    Size,
    polynomial,
    quotient,
    remainder,
    size_of,
    surely_differ,
    terms_of,
    text_of,
    value_of,
)

NAMES = ("a", "b", "c")
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
}
Tree = Any
"""A number, a name, or an operator with two trees."""

leaves = st.one_of(st.integers(-6, 6), st.sampled_from(NAMES))
trees = st.recursive(
    leaves,
    lambda inner: st.tuples(st.sampled_from([*OPERATORS]), inner, inner),
    max_leaves=8,
)
values = st.fixed_dictionaries({name: st.integers(-5, 9) for name in NAMES})


def size(tree: Tree) -> Size | None:
    """A tree as a size, None where it divides by zero for certain."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return size_of(tree)
    sign, one, other = tree
    left, right = size(one), size(other)
    if left is None or right is None or (sign in "//%" and right == 0):
        return None
    found: Size = OPERATORS[sign](left, right)
    return found


def number(tree: Tree, given_values: dict[str, int]) -> int | None:
    """What a tree is, None where it divides by zero."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return given_values[tree]
    sign, one, other = tree
    left, right = number(one, given_values), number(other, given_values)
    if left is None or right is None or (sign in "//%" and right == 0):
        return None
    found: int = OPERATORS[sign](left, right)
    return found


@given(trees, values)
def test_a_size_is_what_its_expression_is(tree: Tree, named: dict[str, int]) -> None:
    found, expected = size(tree), number(tree, named)
    if found is None or expected is None:
        return
    assert value_of(found, named) == expected


@given(trees, values)
def test_its_text_is_python_of_the_same_value(
    tree: Tree, named: dict[str, int]
) -> None:
    found, expected = size(tree), number(tree, named)
    if found is None or expected is None:
        return
    assert eval(text_of(found, str), dict(named)) == expected


@given(trees)
def test_a_size_without_names_is_a_number(tree: Tree) -> None:
    found = size(tree)
    if isinstance(found, Poly):
        assert all(factor for _, factor in found.terms)
        assert any(monomial for monomial, _ in found.terms)
        assert polynomial(dict(found.terms)) == found


@given(trees, trees)
def test_order_does_not_matter(one: Tree, other: Tree) -> None:
    left, right = size(one), size(other)
    if left is None or right is None:
        return
    assert left + right == right + left
    assert left * right == right * left
    assert left - right == -(right - left)


@given(trees, trees, values)
def test_what_surely_differs_differs(
    one: Tree, other: Tree, named: dict[str, int]
) -> None:
    left, right = size(one), size(other)
    if surely_differ(left, right):
        pair = number(one, named), number(other, named)
        assert None in pair or pair[0] != pair[1]


@given(trees, values)
def test_a_quotient_and_remainder_make_the_whole(
    tree: Tree, named: dict[str, int]
) -> None:
    upper = size(tree)
    if upper is None or number(tree, named) is None:
        return
    for lower in (2, 3, size_of("a")):
        parts = quotient(upper, lower), remainder(upper, lower)
        low = value_of(lower, named)
        if not low:
            continue
        whole, left = (value_of(part, named) for part in parts)
        assert whole is not None and left is not None
        assert whole * low + left == number(tree, named)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (size_of("a") * 2 // 2, "a"),
        (size_of("a") * size_of("b") // size_of("b"), "a"),
        ((size_of("a") * 6 + 4) // 2, "3 * a + 2"),
        (size_of("a") // 2, "(a // 2)"),
        ((size_of("a") + 1) // 2 * 2, "2 * ((a + 1) // 2)"),
        (size_of("a") % 2, "(a % 2)"),
        (size_of("a") * 4 % 2, "0"),
        (size_of("a") - size_of("a"), "0"),
        (size_of("a") - 1, "a - 1"),
        (-size_of("a"), "-a"),
        (7 // size_of("a"), "(7 // a)"),
    ],
)
def test_texts(found: Size, expected: str) -> None:
    assert str(found) == expected


def test_an_axis_takes_its_size_from_the_shape() -> None:
    found = size_of(Axis("x", -1)) + size_of("a")
    assert value_of(found, {"x.shape": (2, 5), "a": 1}) == 6
    assert value_of(found, {"a": 1}) is None
    assert value_of(found, {"x.shape": (2, 5), "a": 1.5}) is None


def test_a_number_has_one_term() -> None:
    assert terms_of(3) == (((), 3),)
    assert not surely_differ(None, 3)
