"""Every check, shown on a broken spec: code, line and column, message and hint.

A file in `cases/` holds specs, each under a line `=== title`, and the file of the same
name ending in `.out` what reading them reports, one problem a line. Running this module
as a program writes the latter anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from layergen.codes import SPEC_CODES
from layergen.loading import read_spec

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def sections(path: Path) -> dict[str, str]:
    """Each title of a file with the text under it."""
    found: dict[str, str] = {}
    for section in path.read_text(encoding="utf-8").split("=== ")[1:]:
        title, _, text = section.partition("\n")
        assert title not in found, title
        found[title] = text
    return found


def reported(text: str) -> str:
    """The problems of a spec, one line each."""
    lines = [
        f"{problem.place.line}:{problem.place.column} {problem.code} {problem.message}"
        + (f" -- {problem.hint}" if problem.hint else "")
        for problem in read_spec(text, "case.yaml").problems
    ]
    return "".join(line + "\n" for line in lines)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        pytest.param(path, title, id=f"{path.stem}: {title}")
        for path in CASES
        for title in sections(path)
    ],
)
def test_reports_what_is_written_down(path: Path, title: str) -> None:
    expected = sections(path.with_suffix(".out"))
    assert reported(sections(path)[title]) == expected[title]


def test_expectations_and_cases_are_the_same() -> None:
    for path in CASES:
        assert list(sections(path.with_suffix(".out"))) == list(sections(path))


def test_every_code_has_a_case() -> None:
    text = "".join(path.with_suffix(".out").read_text("utf-8") for path in CASES)
    elsewhere = {"LG105", "LG106", "LG107", "LG109", "LG416"}
    missing = {code for code in SPEC_CODES if f" {code} " not in text}
    # These show when a spec is rendered, or against what was generated before.
    rendered = {code for code in missing if code[:3] in ("LG6", "LG8")}
    rendered |= {"LG308", "LG309"}
    assert missing - rendered == elsewhere


def test_problems_quote_their_line() -> None:
    text = "layer: A\ninputs: [batch, d]\nforward: x + y\n"
    [problem] = read_spec(text, "a.yaml").problems
    assert str(problem).splitlines()[:3] == [
        "a.yaml:3:14: LG406 unknown name `y` in `forward`",
        "    forward: x + y",
        "                 ^",
    ]


def main() -> None:
    for path in CASES:
        found = [f"=== {t}\n{reported(text)}" for t, text in sections(path).items()]
        path.with_suffix(".out").write_text("".join(found), encoding="utf-8")


if __name__ == "__main__":
    main()
