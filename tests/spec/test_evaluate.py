"""Working out values never takes long, whatever the spec says."""

from __future__ import annotations

import ast

import pytest

from layergen.language.evaluate import Unknown, evaluate


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
    ],
)
def test_unknown(text: str) -> None:
    with pytest.raises(Unknown):
        value(text)
