"""What goes past a limit is refused, and the document names the limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layergen import limits, nearest
from layergen.loading import read_spec
from layergen.problems import SHOWN, SpecError, report

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "spec.md"
HEAD = "layer: A\ninputs: [batch, d]\n"
ROWS = {
    "entries of one": limits.ENTRIES,
    "keys and values": limits.NODES,
    "entries under": limits.DECLARED,
    "axes": limits.AXES,
    "characters of a type": limits.SHORT_TEXT,
    "lines": limits.LINES,
    "characters of a piece": limits.CHARACTERS,
    "expressions": limits.CODE_DEPTH,
    "blocks": limits.BLOCKS,
    "targets": limits.TARGETS,
    "bits": limits.BITS,
    "steps": limits.STEPS,
    "operations inside": limits.FORMULA_DEPTH,
    "different operations": limits.FORMULA_SIZE,
}


# spec: limits-table
def test_the_document_names_the_limits() -> None:
    text = DOCUMENT.read_text("utf-8")
    table = text[text.index('<a id="limits-table">') :].split("\n\n")[1]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert len(rows) == len(ROWS)
    for (words, number), (begins, limit) in zip(rows, ROWS.items(), strict=True):
        assert words.startswith(begins)
        assert number == f"{limit:,}"
    assert f"{limits.DEPTH} lists and" in text
    assert limits.BYTES == 2**20


def codes(text: str) -> list[str]:
    return [problem.code for problem in read_spec(text, "f.yaml").problems]


# spec: limits
@pytest.mark.parametrize(
    "key", "args weights states layers functions derived inputs outputs".split()
)
def test_what_is_declared(key: str) -> None:
    entry = {
        "args": "int",
        "layers": "Dense(2)",
        "derived": "1",
        "functions": "{args: [z], forward: z}",
    }.get(key, "[batch, d]")

    def text(count: int) -> str:
        rows = "".join(f"  n{i}: {entry}\n" for i in range(count))
        head = "layer: A\nforward: n0\n" if key == "inputs" else HEAD + "forward: x\n"
        return head + f"{key}:\n{rows}"

    assert "LG111" not in codes(text(limits.DECLARED))
    reading = read_spec(text(limits.DECLARED + 1), "f.yaml")
    [problem] = [one for one in reading.problems if one.code == "LG111"]
    line = text(0).count("\n") + limits.DECLARED + 1
    assert problem.place.line == line
    assert problem.quoted.strip().startswith(f"n{limits.DECLARED}:")


def test_entries_and_nodes() -> None:
    row = f"[{', '.join(['1'] * limits.ENTRIES)}]"
    assert "LG111" not in codes(HEAD + f"forward: x\nexample: {{d: {row}}}\n")
    longer = row.replace("]", ", 1]")
    assert "LG111" in codes(HEAD + f"forward: x\nexample: {{d: {longer}}}\n")
    count = limits.NODES // limits.ENTRIES
    assert "LG107" in codes(
        HEAD + f"forward: x\nexample: {{d: [{', '.join([row] * count)}]}}\n"
    )


def blocks(depth: int) -> str:
    code = "".join(f"  {'  ' * i}for i{i} in range(2):\n" for i in range(depth))
    return HEAD + f"forward: |\n{code}  {'  ' * depth}x = x + 1\n  return x\n"


def test_blocks() -> None:
    assert codes(blocks(limits.BLOCKS)) == []
    [problem] = read_spec(blocks(limits.BLOCKS + 1), "f.yaml").problems
    assert (problem.code, problem.place.line) == ("LG416", 5 + limits.BLOCKS)
    branches = "  elif n > 1:\n    x = x + 1\n" * 60
    chain = f"forward: |\n  if n:\n    x = x + 2\n{branches}  return x\n"
    assert codes(HEAD + "args: {n: int}\n" + chain) == []


# spec: spec-problems
def test_names_are_sought_for_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    find = nearest.closest

    def closest(word: str, known: frozenset[str]) -> str:
        sought.append(word)
        return find(word, known)

    monkeypatch.setattr(nearest, "closest", closest)
    lines = "".join(f"  y = batch{i}\n" for i in range(400))
    reading = read_spec(HEAD + f"forward: |\n{lines}  return y\n", "f.yaml")
    assert len(reading.problems) == 400
    assert len(sought) == SHOWN
    hints = [bool(problem.hint) for problem in reading.problems]
    assert hints == [True] * SHOWN + [False] * 300
    shown = report(reading.problems)
    assert shown.count(": LG406 ") == SHOWN
    assert shown.endswith("\n... and 300 more.")
    assert len(SpecError(reading.problems).problems) == 400


def test_keys_alike_are_read_so_for_what_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from layergen.language.readers import mappings

    sought: list[str] = []
    monkeypatch.setattr(mappings, "closest", lambda word, known: sought.append(word))
    rows = "".join(f"unknown{i}: 1\n" for i in range(500))
    reading = read_spec(HEAD + "forward: x\n" + rows, "f.yaml")
    assert len(reading.problems) == 500
    assert len(sought) == SHOWN


def test_a_few_have_no_end_line() -> None:
    reading = read_spec(HEAD + "forward: y\n", "f.yaml")
    assert not re.search("and .* more", report(reading.problems))
