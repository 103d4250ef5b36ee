"""Characters that nobody sees: refused where they stand, but where prose needs them."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from layergen.cli import cli
from layergen.invisible import OUTSIDE_PROSE
from layergen.loading import Reading, read_spec
from layergen.problems import Problem

BASE = "layer: A\ninputs: [batch, d]\nforward: x\n"
CASES = Path(__file__).parent.parent / "hostile"

# What Unicode says of them: Bidi_Control, then Default_Ignorable_Code_Point.
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HIDDEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2061\u2064\u206a\u206f\u3164"
    "\ufeff\uffa0\ufff9\ufffa\ufffb\U0001bca0\U0001d173\U000e0001\U000e0020\U000e007f"
)
JOINING = "\u200c\u200d\ufe0e\ufe0f\ufe00\u180b\u180f\U000e0100\U000e01ef"

# Format characters that have a shape: signs of Arabic and other scripts.
SEEN = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
SEEN |= {*range(0x13430, 0x13440)}

PLACES = {
    "a value": ("doc: A{}b\n", 4, 7),
    "a value in quotes": ("doc: 'A{}b'\n", 4, 8),
    "a block": ("doc: |\n  A\n  b{}\n", 6, 4),
    "a key": ("do{}c: A\n", 4, 3),
    "a name": ("args: {{uni{}ts: int}}\n", 4, 11),
    "an example": ("example: {{d: '{}'}}\n", 4, 15),
    "a comment": ("doc: A # b{}\n", 4, 11),
    "a comment of its own": ("# {}\n", 4, 3),
    "code": ("reference: x{}\n", 4, 13),
    "a comment in code": ("reference: |\n  # {}\n  x\n", 5, 5),
    "a message": ("require: {{d > 1: 'a{}'}}\n", 4, 20),
}
PROSE = {"a value", "a value in quotes", "a block", "a message"}


def only(reading: Reading) -> Problem:
    """The one error of a reading."""
    [problem] = reading.problems
    assert reading.spec is None
    return problem


def escaped(char: str) -> str:
    number = ord(char)
    digits = 2 if number < 0x100 else 4 if number < 0x10000 else 8
    return f"\\{' xuU'[digits.bit_length() - 1]}{number:0{digits}X}"


# spec: yaml-hidden
@pytest.mark.parametrize("place", PLACES)
def test_refused_where_it_stands(place: str) -> None:
    text, line, column = PLACES[place]
    for char in DIRECTIONS + HIDDEN:
        problem = only(read_spec(BASE + text.format(char), "a.yaml"))
        assert (problem.code, problem.place.line) == ("LG106", line)
        assert problem.place.column == column
        kind = "direction control" if char in DIRECTIONS else "invisible character"
        assert problem.message == f"the {kind} U+{ord(char):04X}"
        assert not OUTSIDE_PROSE.search(str(problem))


# spec: yaml-hidden
@pytest.mark.parametrize("place", PLACES)
def test_joiners_stand_in_prose_alone(place: str) -> None:
    text, line, column = PLACES[place]
    for char in JOINING:
        reading = read_spec(BASE + text.format(char), "a.yaml")
        if place in PROSE:
            assert reading.spec is not None
            continue
        problem = only(reading)
        assert (problem.place.line, problem.place.column) == (line, column)
        said = (
            f"the invisible character U+{ord(char):04X} outside of `doc` and messages"
        )
        assert (problem.code, problem.message) == ("LG106", said)


ESCAPED = {
    "a value": ('doc: "A \\\\ {}"\n', 4, 12),
    "a later line": ('doc: "A\\\n  B\n  {}"\n', 6, 3),
    "a key": ('"do{}c": A\n', 4, 4),
    "an item": ('example: {{d: ["{}"]}}\n', 4, 16),
    "code": ('reference: "x{}"\n', 4, 14),
    "a message": ('require: {{d > 1: "a{}"}}\n', 4, 20),
    "a condition": ('require: {{"d > 1{}": a}}\n', 4, 17),
    "an argument called doc": ('args: {{doc: "int{}"}}\n', 4, 17),
    "its doc": ('args: {{doc: {{type: int, doc: "a{}"}}}}\n', 4, 32),
}


# spec: yaml-hidden
@pytest.mark.parametrize("place", ESCAPED)
def test_escapes_count_as_what_they_stand_for(place: str) -> None:
    text, line, column = ESCAPED[place]
    prose = place in ("a value", "a later line", "a message", "its doc")
    for char in DIRECTIONS + HIDDEN + JOINING:
        reading = read_spec(BASE + text.format(escaped(char)), "a.yaml")
        hidden = [p for p in reading.problems if p.code == "LG106"]
        if prose and char in JOINING:
            assert not hidden
        else:
            [problem] = hidden
            assert (problem.place.line, problem.place.column) == (line, column)
            assert f"U+{ord(char):04X}" in problem.message


# spec: yaml-hidden
def test_prose_that_needs_them() -> None:
    texts = [
        "\U0001f469\u200d\U0001f52c weighs \u2696\ufe0f the input.",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u845b\U000e0100",
    ]
    for text in texts:
        spec = read_spec(BASE + f"doc: {text}\nrequire: {{d > 1: {text}}}\n", "a").spec
        assert spec is not None
        assert (spec.doc, spec.require[0].message) == (text, text)


# spec: yaml-hidden
def test_a_byte_order_mark_begins_a_file() -> None:
    assert read_spec(f"\ufeff{BASE}", "a.yaml").spec is not None
    problem = only(read_spec(f"\ufeff\ufeff{BASE}", "a.yaml"))
    assert (problem.place.line, problem.place.column) == (1, 1)


def test_an_escape_of_an_escape_is_none() -> None:
    assert read_spec(BASE + 'doc: "\\\\u202e"\n', "a.yaml").spec is not None


def test_the_table_has_every_format_character_that_is_not_seen() -> None:
    for number in range(0x110000):
        if unicodedata.category(chr(number)) == "Cf":
            found = OUTSIDE_PROSE.match(chr(number)) is not None
            assert found is (number not in SEEN), f"U+{number:04X}"


def test_what_people_write_is_not_in_it() -> None:
    text = "ü ß 中文 العربية עברית हिन्दी 한국어 ÿ \u00a0\u3000 🏳 ½ √"
    assert not OUTSIDE_PROSE.search(text)


def test_few_of_many_are_reported() -> None:
    assert len(read_spec(BASE + "# \u202e\n" * 50, "a.yaml").problems) == 10
    assert len(read_spec(BASE + "# \u200d\n" * 50, "a.yaml").problems) == 10


def test_a_spec_that_turns_its_text_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(
        cli, ["generate", str(CASES / "bidi.yaml"), "--out", "."]
    )
    assert result.exit_code == 2
    assert "bidi.yaml:7:5: LG106 the direction control U+202E" in result.output
    assert not OUTSIDE_PROSE.search(result.output)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\u2060", "\ufeff", "\u200d"])
def test_a_file_named_with_one(
    char: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / f"swish{char}_dense.yaml"
    file.write_text(BASE, "utf-8")
    result = CliRunner().invoke(cli, ["generate", file.name])
    assert result.exit_code == 2
    assert "LG206" in result.output
    assert not OUTSIDE_PROSE.search(result.output)
    assert [*tmp_path.iterdir()] == [file]
