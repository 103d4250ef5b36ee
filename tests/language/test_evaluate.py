"""Working out values never takes long, whatever the spec says."""

from __future__ import annotations

import ast

import pytest

from layergen.language.evaluate import (
    Budget,
    TooMuch,
    Unknown,
    evaluate,
)
from layergen.limits import STEPS


def value(text: str) -> object:
    return evaluate(ast.parse(text, mode="eval").body, {"n": 6, "sizes": [1, 2, 3]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n // 2 + 1", 4),
        ("[s * n for s in sizes if s > 1]", [12, 18]),
        ("sum([s for s in sizes])", 6),
        ("n if n > 3 and not n == 5 else 0", 6),
        ("math.sqrt(n + 3)", 3.0),
        ("sizes[-1]", 3),
        ("1 < n < 9", True),
        ("2 ** n", 64),
        ("[0, *sizes]", [0, 1, 2, 3]),
        ("max((n, *sizes))", 6),
        ("sizes[:-1]", [1, 2]),
        ("sizes[n // 6 :]", [2, 3]),
        ("sizes[::-1]", [3, 2, 1]),
        ("[i * s for i, s in enumerate(sizes)]", [0, 2, 6]),
        ("[a * b for a, b in zip(sizes[:-1], sizes[1:])]", [2, 6]),
        ("[i for s in sizes for i in range(s) if i]", [1, 1, 2]),
        ("sum(a for a, (b, c) in [(1, (2, 3)), (4, (5, 6))] if c > 3)", 4),
        ("tuple(reversed(sizes))", (3, 2, 1)),
    ],
)
def test_values(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "m",
        "1 // 0",
        "9 ** 99",
        "'%999999999d' % 1",
        "round(1, -999999999)",
        "[0] * 999999999",
        "'a' * 999999999",
        "range(10 ** 12)",
        "sum([[0] * 4096 for i in range(4096)], [])",
        "[[i * j for j in range(4096)] for i in range(4096)]",
        "math.factorial(10 ** 9)",
        "n.real",
        "open('f')",
        "sizes[7]",
        "sizes[::0]",
        "sizes['a':]",
        "len(zip(sizes))",
        "[a for a, b in sizes]",
        "[a for a, b in [(1, 2, 3)]]",
    ],
)
def test_unknown(text: str) -> None:
    with pytest.raises(Unknown):
        value(text)


@pytest.mark.parametrize(
    "text",
    [
        "[0] * 999999999",
        "999999999 * 'a'",
        "[[0] * 1000] * 1000",
        "[[[[0]*4096]*4096]*4096]*4096 == [[[[0]*4096]*4096]*4096]*4096",
        "range(10 ** 9)",
        "[[i * j for j in range(4096)] for i in range(4096)]",
        "[sum(range(4096)) for i in range(4096)]",
        "any([False for i in range(4096) if i in range(4096)])",
        "[0 for i in range(4096) for j in range(4096) if False]",
        "[range(4096)[i:] for i in range(4096)]",
    ],
)
def test_too_much(text: str) -> None:
    budget = Budget()
    with pytest.raises(TooMuch):
        evaluate(ast.parse(text, mode="eval").body, {}, budget)
    assert budget.left == 0


def test_what_is_counted() -> None:
    """A step for each node, and one for each item of what it gives."""
    for text, steps in (
        ("n", 1),
        ("n + 1", 3),
        ("sizes", 4),
        ("[sizes, sizes]", 4 + 4 + 1 + 8),
        ("len(sizes)", 5),
        ("'abc'", 4),
    ):
        budget = Budget()
        tree = ast.parse(text, mode="eval").body
        evaluate(tree, {"n": 6, "sizes": [1, 2, 3]}, budget)
        assert STEPS - budget.left == steps, text


def test_steps_grow_as_the_text_does() -> None:
    def spent(terms: int) -> int:
        budget = Budget()
        text = "+".join(["(1 if n else 2)"] * terms)
        evaluate(ast.parse(text, mode="eval").body, {"n": 6}, budget)
        return STEPS - budget.left

    assert spent(60) == 2 * spent(30) + 1
