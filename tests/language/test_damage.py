"""Whatever is read, the answer is a reading: a spec or problems, never an exception."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import layergen
from layergen.codes import CODES
from layergen.language.model import Spec
from layergen.loading import Reading, read_spec
from layergen.problems import SpecError
from layergen.project.source import decode
from layergen.rendering import render

GALLERY = sorted((Path(layergen.__file__).parent / "gallery").glob("*.yaml"))
FULL = sorted((Path(__file__).parent / "full").glob("*.yaml"))
SEEDS = [path.read_text("utf-8") for path in (*GALLERY, *FULL * 3)]
SEEDS += [explanation.good for explanation in CODES.values()]
LINES = sorted({line for seed in SEEDS for line in seed.splitlines()})
PIECES = list("[]{}:#|>-'\"*&!@%~\\\t\n\r\x00\x85()=.,_0é") + (
    ["null", "true", "1e999", ".inf", "return ", "lambda: ", "for i in x", "...", "any"]
    + ["yield", "import os", "math.inf", "\ud800", "  ", "\n  ", "ops.", "list[int]"]
    + ["states:", "kind: cell", "gradient: auto", "random.", "_ in range(3)", "mask"]
)
HEAD = "layer: A\ninputs: [batch, d]\nforward: "


@st.composite
def damaged(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        what = draw(st.integers(0, 4))
        if what == 0:
            text = text[:at] + draw(st.sampled_from(PIECES)) + text[at:]
        elif what == 1:
            text = text[:at] + text[at + draw(st.integers(1, 9)) :]
        elif what == 2:
            piece = draw(st.sampled_from(PIECES))
            text = text[:at] + piece + text[at + draw(st.integers(1, 4)) :]
        else:
            lines = text.split("\n")
            index = draw(st.integers(0, len(lines) - 1))
            other = draw(st.sampled_from(LINES))
            if what == 3:
                lines[index] = other
            else:
                key = lines[index].split(":")[0]
                lines[index] = key + ":" + other.partition(":")[2]
            text = "\n".join(lines)
    return text


def check(reading: Reading, text: str) -> None:
    errors = [one for one in reading.problems if not one.is_warning]
    assert (reading.spec is None) == bool(errors)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for problem in reading.problems:
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
        assert problem.code in CODES
        assert "\n" not in problem.message + problem.hint
        str(problem).encode("utf-8")


def check_rendered(spec: Spec) -> None:
    """What loads is rendered or refused in order, and what is rendered compiles."""
    try:
        files = render(spec)
    except SpecError as error:
        assert error.problems
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, source in files.items():
            compile(source, name, "exec")


@settings(max_examples=600, deadline=None)
@given(damaged())
def test_damaged_specs(text: str) -> None:
    reading = read_spec(text, "damaged.yaml")
    check(reading, text)
    if reading.spec is not None:
        check_rendered(reading.spec)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_bytes(data: bytes) -> None:
    assert read_spec(decode(data), "bytes.yaml").problems


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_text_as_code(code: str) -> None:
    text = HEAD + "|\n" + "".join(f"  {line}\n" for line in code.split("\n"))
    check(read_spec(text, "code.yaml"), text)


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_gallery_has_no_problems(path: Path) -> None:
    reading = read_spec(path.read_text("utf-8"), path.name, path.stem)
    assert not reading.problems
    assert reading.spec is not None


PATHOLOGICAL = {
    "brackets": ("a: " + "[" * 500_000, "LG107"),
    "braces": ("a: " + "{a: " * 200_000, "LG107"),
    "dashes": ("- " * 400_000, "LG107"),
    "question marks": ("? " * 100_000, "LG107"),
    "size": ("#" * 2**21, "LG107"),
    "laughs": ("a: &a [x]\nb: &b [*a, *a, *a]\n", "LG103"),
    "zero byte": ("layer: \0", "LG106"),
    "parentheses": (HEAD + "(" * 10_000 + "x" + ")" * 10_000, "LG416"),
    "minus signs": (HEAD + "-" * 10_000 + "x", "LG416"),
    "nots": (HEAD + "not " * 10_000 + "x", "LG416"),
    "attributes": (HEAD + "x" + ".y" * 10_000, "LG416"),
    "calls": (HEAD + "x" + "()" * 10_000, "LG416"),
    "sums": (HEAD + "x" + " + x" * 5_000, "LG416"),
    "lambdas": (HEAD + '"' + "lambda: " * 5_000 + 'x"', "LG416"),
    "lines": (HEAD + "|\n" + "  y = z\n" * 20_000, "LG416"),
    "code digits": (HEAD + "x + " + "9" * 100_000, "LG416"),
    "hexadecimal": (HEAD + "x + 0x" + "f" * 5_000, "LG110"),
    "shape digits": (f"layer: A\ninputs: [{'9' * 100_000}]\nforward: x\n", "LG110"),
    "default digits": (HEAD + f"x\nargs: {{a: int = {'9' * 100_000}}}\n", "LG207"),
    "long default": (
        HEAD + f"x\nargs: {{a: {{type: int, default: {'9' * 100_000}}}}}\n",
        "LG110",
    ),
    "overflow": (HEAD + "x\nargs: {a: {type: float, default: 1e999}}\n", "LG110"),
    "nested lists": (HEAD + f"x\nargs:\n  a: {'list[' * 99}int{']' * 99}\n", "LG207"),
    "loop": (
        HEAD + f"x\nlayers: {{a: {{make: Dense(3), for: 'a{' ' * 60_000}b'}}}}\n",
        "LG219",
    ),
    "circle": (
        HEAD
        + "x\nfunctions:\n"
        + "".join(
            f"  f{i}: {{args: [y], forward: f{(i + 1) % 200}(y)}}\n" for i in range(200)
        ),
        "LG422",
    ),
    "dimensions": (f"layer: A\ninputs: [{'a, ' * 50_000}]\nforward: x\n", "LG107"),
    "entries": (f"layer: A\ninputs: [{'a, ' * 1_100}]\nforward: x\n", "LG111"),
    "axes": (f"layer: A\ninputs: [{'a, ' * 40}]\nforward: x\n", "LG301"),
    "targets": (HEAD + "|\n  " + "a = " * 300 + "x\n  return a\n", "LG416"),
    "no list": (HEAD + "x\nargs: {a: 'list[int]'}\nexample: {a: text}\n", "LG214"),
    "starred": (HEAD + "|\n  return *x\n", "LG405"),
    "outside a loop": (HEAD + "|\n  break\n  return x\n", "LG405"),
}


NESTED = {
    "flow lists": lambda n: "a: " + "[" * (n - 1) + "]" * (n - 1),
    "flow lists, open": lambda n: "a: " + "[" * (n - 1),
    "flow mappings": lambda n: "{é: " * n + "1" + "}" * n,
    "block lists": lambda n: "- " * n + "a",
    "block mappings": lambda n: "".join(f"{' ' * i}a:\n" for i in range(n)),
    "mixed": lambda n: "- " * 25 + "[" * (n - 25) + "]" * (n - 25),
    "keys": lambda n: "? " * n + "a",
}


# spec: yaml-refused
@pytest.mark.parametrize("depth", [49, 50, 51, 52, 500, 1_000, 1_400])
@pytest.mark.parametrize("kind", NESTED)
def test_nesting(kind: str, depth: int) -> None:
    """The same is said at the same place, whoever gives up first."""
    reading = read_spec(NESTED[kind](depth), "f.yaml")
    codes = {problem.code for problem in reading.problems}
    assert ("LG107" in codes) == (depth > 50)
    if depth > 50:
        assert {one.place for one in reading.problems} == {
            one.place for one in read_spec(NESTED[kind](51), "f.yaml").problems
        }


@pytest.mark.parametrize("depth", [49, 51, 500, 100_000])
def test_quoted_brackets_are_no_nesting(depth: int) -> None:
    for text in (f"a: '{'[' * depth}'", f"a: |\n  {'[' * depth}", f"# {'{' * depth}"):
        codes = {one.code for one in read_spec(text, "f.yaml").problems}
        assert "LG107" not in codes
    code = HEAD + f"|\n  # {'(' * depth}\n  return x\n"
    assert "LG416" not in {
        one.code for one in read_spec(code[: len(HEAD) + 45_000], "f").problems
    }


DEEP_CODE = {
    "parentheses": lambda n: "(" * n + "x" + ")" * n,
    "brackets": lambda n: "x + " + "[" * n + "x" + "]" * n,
    "open brackets": lambda n: "x[" * n,
    "minus signs": lambda n: "-" * n + "x",
    "calls": lambda n: "x" + "()" * n,
    "blocks": lambda n: "|\n"
    + "".join(f"  {' ' * i}if x:\n" for i in range(n))
    + f"  {' ' * n}return x\n",
    "other branches": lambda n: "|\n  if x:\n    return x\n"
    + "  elif x:\n    return x\n" * n,
}


@pytest.mark.parametrize("depth", [101, 199, 200, 201, 800])
@pytest.mark.parametrize("kind", DEEP_CODE)
def test_nesting_of_code(kind: str, depth: int) -> None:
    text = HEAD + DEEP_CODE[kind](depth)
    codes = {problem.code for problem in read_spec(text, "f.yaml").problems}
    if kind != "parentheses" or depth > 200:
        assert "LG416" in codes


def test_deep_types_and_sizes_are_told_as_such() -> None:
    deep = "(" * 220 + "d" + ")" * 220
    for text in (
        f"layer: A\ninputs: [batch, {deep}]\nforward: x\n",
        HEAD + f"x\nargs: {{a: '{deep}'}}\n",
        HEAD + f"x\nargs: {{a: {{type: '{'-' * 480}1'}}}}\n",
    ):
        messages = [one.message for one in read_spec(text, "f.yaml").problems]
        assert any("nested too deeply" in message for message in messages)


# spec: yaml-refused
@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_input(name: str) -> None:
    text, code = PATHOLOGICAL[name]
    reading = read_spec(text, "f.yaml")
    assert reading.spec is None
    assert code in {problem.code for problem in reading.problems}
