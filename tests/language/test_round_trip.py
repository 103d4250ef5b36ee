"""What was parsed prints as it was written."""

from __future__ import annotations

import keyword
import string

from hypothesis import given
from hypothesis import strategies as st

from layergen.language.collector import Collector
from layergen.language.context import Context
from layergen.language.readers.mappings import is_identifier
from layergen.language.shapes import read_shape
from layergen.language.types import annotations
from layergen.language.types.base import TYPES
from layergen.language.yaml.nodes import Mapping
from layergen.language.yaml.parse import parse

LETTERS = string.ascii_letters
WORDS = {"null", "true", "false", "any"}
names = st.text(LETTERS + string.digits + "_", min_size=1, max_size=8).filter(
    lambda name: is_identifier(name)
    and name.lower() not in WORDS
    and not keyword.issoftkeyword(name)
    and name != "_"
)
atoms = names | st.integers(1, 10**6).map(str)


def arithmetic(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operator = st.sampled_from(["+", "-", "*", "//"])
    return st.builds(
        lambda a, op, b: f"{a} {op} {b}" if op in "+-" else f"{a} {op} ({b} + 1)",
        atoms,
        operator,
        inner.filter(lambda text: " - " not in text and " + " not in text),
    )


dims = st.recursive(atoms, arithmetic, max_leaves=4) | st.just("_")
rests = st.just("...") | names.map(lambda name: f"...{name}")


@st.composite
def shapes(draw: st.DrawFn) -> str:
    axes = draw(st.lists(dims, max_size=4))
    if draw(st.booleans()):
        axes.insert(draw(st.integers(0, len(axes))), draw(rests))
    return f"[{', '.join(axes)}]"


scalars = st.sampled_from(["int", "float", "bool", "str"])
quoted = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=6).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)


def literal(choices: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(choices, min_size=1, max_size=3, unique=True)
    return several.map(lambda items: f"Literal[{', '.join(items)}]")


literals = literal(quoted) | literal(st.integers(-99, 99).map(str))
items = st.recursive(
    scalars | literals,
    lambda inner: (inner | inner.map(lambda t: f"{t} | None")).map(
        lambda text: f"list[{text}]"
    ),
    max_leaves=3,
)
types = items | st.sampled_from(sorted(TYPES.keys() - {"list", "Literal", "Tensor"}))
types |= st.sampled_from(["int | Tensor", "float | Tensor"])


@given(shapes() | st.just("any"))
def test_shapes(text: str) -> None:
    problems = Collector("a.yaml", text)
    root = parse(f"shape: {text}", problems)
    assert isinstance(root, Mapping)
    shape = read_shape(root.entries[0][1], Context(problems))
    assert not problems.problems
    assert str(shape) == text


@given(types, st.booleans())
def test_types(text: str, optional: bool) -> None:
    text += " | None" if optional else ""
    assert str(annotations.parse_type(text)) == text


@given(types, st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_defaults(text: str, default: object) -> None:
    parsed = annotations.parse(f"{text} = {default!r}")
    assert str(parsed.type) == text
    assert repr(parsed.default) == repr(default)
    assert not parsed.required
