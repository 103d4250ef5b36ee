"""What goes through the door comes out of Python as it was."""

from __future__ import annotations

import ast
import io
import math
import tokenize
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layergen.invisible import ANYWHERE
from layergen.source.literals import (
    Shown,
    comment_text,
    docstring_text,
    literal,
    message,
    numbered,
)

PIECES = [
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    "\n",
    "\r",
    "{",
    "}",
    "{x}",
    "{{",
    "#",
    "\t",
    " ",
]
PIECES += [
    "\\N{BULLET}",
    "\\x41",
    "\x0c",
    "\x85",
    "\u2028",
    "\u202e",
    "\x00",
    "\u3164",
    "é",
    "😀",
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join)
scalars = texts | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3)
    | st.lists(inner, max_size=3).map(tuple)
    | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(values)
def test_a_literal_is_its_value(value: Any) -> None:
    text = literal(value)
    assert text.isprintable() and not ANYWHERE.search(text)
    assert eval(text, {"float": float}) == value


def test_a_literal_of_no_number() -> None:
    assert math.isnan(eval(literal(float("nan")), {"float": float}))


@settings(max_examples=500, deadline=None)
@given(texts)
def test_a_docstring_says_the_text(text: str) -> None:
    written = docstring_text(text)
    assert all(line.isprintable() for line in written.split("\n"))
    assert ast.literal_eval(f'"""{written}"""') == text
    inside = f'def f():\n    """\n{written}\n    """\n'
    assert (
        ast.get_docstring(ast.parse(inside).body[0], clean=False) == f"\n{text}\n    "
    )


def test_half_a_surrogate_pair_is_shown_as_an_escape() -> None:
    assert ast.literal_eval(f'"""{docstring_text("a" + chr(0xD800))}"""') == "a\\ud800"


@settings(max_examples=500, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3), st.integers(8, 100))
def test_a_message_says_its_parts(parts: list[str], width: int) -> None:
    said = [piece for part in parts for piece in (part, Shown("x!r"))]
    lines = message(*said).lines(width)
    assert all(line.isprintable() for line in lines)
    expected = "".join(f"{part}'{{}}'" for part in parts)
    assert eval(f"({' '.join(lines)})", {"x": "{}"}) == expected
    assert eval(f"({' '.join(message(parts[0]).lines(width))})", {}) == parts[0]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text("ab{é", min_size=1, max_size=9), min_size=1), st.integers(16, 99)
)
def test_a_message_fills_its_lines(words: list[str], width: int) -> None:
    """A message that fits is one literal, and a line longer than the width is one word."""
    said = message(" ".join(words), " ", Shown("value + other"), ".")
    lines = said.lines(width)
    assert (lines == [said.whole]) == (len(said.whole) <= width)
    longest = max(len(f'f"{word} "') for word in said.words)
    assert all(len(line) <= max(width, longest) for line in lines)
    values = {"value": 1, "other": 2}
    assert eval(" ".join(lines), values) == f"{' '.join(words)} 3."


@settings(max_examples=500, deadline=None)
@given(texts)
def test_a_comment_is_one_line(text: str) -> None:
    source = f"# {comment_text(text)}\n"
    found = [*tokenize.generate_tokens(io.StringIO(source).readline)]
    assert [token.type for token in found[:2]] == [tokenize.COMMENT, tokenize.NL]
    assert found[0].string == source[:-1]


@pytest.mark.parametrize("name", ["hidden", 'a"{x}\\'])
def test_a_number_follows_a_name(name: str) -> None:
    assert eval(numbered(name, "index"), {"index": 3, "x": 0}) == f"{name}_3"
