"""Files that are hard to read: a problem with its place, never a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from layergen.codes import LAYER_CODES
from layergen.lint.check import check_bytes, check_file, check_text
from layergen.lint.rules import RULES
from layergen.lint.source import LIMIT

LAYER = LAYER_CODES["LG711"].bad
CASES = Path(__file__).parent / "cases"


def place(data: bytes) -> tuple[int, int, str, str]:
    """Place, code and message of the one problem of some bytes."""
    [problem] = check_bytes(data, "layers.py")
    return problem.place.line, problem.place.column, problem.code, problem.message


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"x = 1\ny = (\n", 2, 5, "no valid Python: '(' was never closed"),
        (b"def call(:\n", 1, 10, "no valid Python: invalid syntax"),
        (b"\tx = 1\n  y\n", 1, 1, "no valid Python: unexpected indent"),
        ("größe = §".encode(), 1, 9, "no valid Python: invalid character '§' (U+00A7)"),
        (b"x = 1\ny = '\0'\n", 2, 6, "a null byte"),
        ("x = 1\nä = '\0'\n".encode(), 2, 6, "a null byte"),
        (b"x = 1\r\ny = '\xe4'\r\n", 2, 6, "the byte 0xe4 is not UTF-8"),
        (b"\xef\xbb\xbf\xe4\n", 1, 1, "the byte 0xe4 is not UTF-8"),
        (b"\xff\xfex\0=\0001\0", 1, 1, "the byte 0xff is not UTF-8"),
        (
            b"# coding: nothing\n",
            1,
            1,
            "the encoding cannot be known: unknown encoding",
        ),
        (b"-" * 100_000 + b"1", 1, 1, "the code is nested too deeply to be read"),
        (b"x" + b".y" * 100_000, 1, 1, "the code is nested too deeply to be read"),
        (b"(" * 1000, 1, 201, "no valid Python: too many nested parentheses"),
        (b"#" * (LIMIT + 1), 1, 1, "the file is larger than 1 MiB"),
    ],
)
def test_says_where_and_why(data: bytes, line: int, column: int, message: str) -> None:
    found = place(data)
    assert found[:3] == (line, column, "LG700")
    assert found[3].startswith(message)


def test_code_that_python_reads_and_that_is_too_deep_to_walk() -> None:
    chain = "+".join(["x"] * 900)
    text = LAYER.replace("return x * self.scale", f"return {chain}")
    codes = {problem.code for problem in check_text(text, "layers.py")}
    assert codes <= {"LG700", "LG711"} and codes


@pytest.mark.parametrize(
    "data",
    [
        LAYER.encode(),
        b"\xef\xbb\xbf" + LAYER.encode(),
        LAYER.replace("\n", "\r\n").encode(),
        LAYER.replace("\n", "\r").encode(),
        ("# -*- coding: latin-1 -*-" + LAYER + "# größe").encode("latin-1"),
        LAYER.replace("import keras\n", "import keras\f\n", 1).encode(),
    ],
)
def test_finds_the_same_in_every_encoding_and_line_ending(data: bytes) -> None:
    [expected] = check_text(LAYER, "layers.py")
    [problem] = check_bytes(data, "layers.py")
    assert (problem.place, problem.quoted) == (expected.place, expected.quoted)


def test_place_quotes_the_line_under_a_caret() -> None:
    text = LAYER.replace("self.scale = self", "größe = self.scale = self")
    [problem] = check_text(text, "layers.py")
    head, quoted, caret, _ = str(problem).splitlines()
    assert head.startswith("layers.py:")
    assert quoted[len(caret) - 1 :].startswith('"scale"')


def test_empty_files_have_no_problems(tmp_path: Path) -> None:
    for name, text in {"a.py": "", "b.py": "\n", "c.py": "x = 1"}.items():
        (tmp_path / name).write_text(text)
        assert check_file(tmp_path / name) == ()


def test_nothing_is_run(tmp_path: Path) -> None:
    text = f"open({str(tmp_path / 'made')!r}, 'w')\nraise SystemExit(3)\n" + LAYER
    assert {one.code for one in check_text(text, "layers.py")} == {"LG711"}
    assert list(tmp_path.iterdir()) == []


def damaged(text: str, chance: random.Random) -> bytes:
    """A module with a few pieces of it deleted, doubled, moved or made other bytes."""
    data = bytearray(text.encode())
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data))
        stop = min(len(data), start + chance.randint(1, 40))
        piece, other = data[start:stop], chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                del data[start:stop]
            case 1:
                data[other:other] = piece
            case 2:
                del data[start:stop]
                data[other:other] = piece
            case 3:
                data[start] = chance.randrange(256)
        if not data:
            break
    return bytes(data)


@pytest.mark.parametrize("seed", range(20))
def test_damaged_modules_have_problems_and_no_tracebacks(seed: int) -> None:
    chance = random.Random(seed)
    texts = [path.read_text("utf-8") for path in sorted(CASES.glob("*.txt"))]
    sections = [part for text in texts for part in text.split("=== ")[1:]]
    for _ in range(40):
        text = chance.choice(sections).partition("\n")[2]
        data = damaged(text + "\nfrom keras import layers, ops\nimport keras\n", chance)
        lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        for problem in check_bytes(data, "layers.py"):
            assert problem.code in RULES or problem.code == "LG700"
            assert 1 <= problem.place.line <= lines
            assert problem.place.column >= 1
