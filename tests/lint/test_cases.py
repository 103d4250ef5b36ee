"""Every rule, shown on layers that break it and on some that come near it.

A file in `cases/` holds modules, each under a line `=== title`, and the file of the same
name ending in `.out` what is found in them, one problem a line. A title `CODE, CODE: ...`
says which rules the module breaks, `CODE not: ...` which one it only comes near, `nothing:
...` that it breaks none. Running this module as a program writes the `.out` files anew,
and leaves the titles.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from layergen.lint.check import check_text
from layergen.lint.rules import RULES

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
# Names are known wherever a module imports them, and attributes wherever one sets them; at
# the end they move no line.
IMPORTS = """
import math
import keras
import numpy
import numpy as np
import tensorflow
import tensorflow as tf
from keras import initializers, layers, ops


def complete(layer):
    layer.add = None
    layer.change = None
    layer.common = None
    layer.is_free = None
    layer.is_off = None
    layer.options = None
    layer.run = None
    layer.say = None
    layer.seed = None
    layer.shape = None
    layer.tf = None
    layer.tied = None
"""
CODE = r"LGW?\d\d\d?"
TITLE = re.compile(rf"(?:({CODE}(?:, {CODE})*)( not)?|nothing): ")


def sections(path: Path) -> dict[str, str]:
    """Each title of a file with the text under it."""
    found: dict[str, str] = {}
    for section in path.read_text(encoding="utf-8").split("=== ")[1:]:
        title, _, text = section.partition("\n")
        assert title not in found, title
        found[title] = text
    return found


def reported(text: str) -> str:
    """What is found in a module, one line each."""
    lines = [
        f"{problem.place.line}:{problem.place.column} {problem.code} {problem.message}"
        + (f" -- {problem.hint}" if problem.hint else "")
        for problem in check_text(text + IMPORTS, "case.py")
    ]
    return "".join(line + "\n" for line in lines)


def broken_by(title: str) -> set[str]:
    """The rules that a module breaks, by its title."""
    match = TITLE.match(title)
    assert match, f"no code before the colon: {title}"
    return set() if match[2] or not match[1] else {*match[1].split(", ")}


ALL = [
    pytest.param(path, title, id=f"{path.stem}: {title}")
    for path in CASES
    for title in sections(path)
]


@pytest.mark.parametrize(("path", "title"), ALL)
def test_reports_what_is_written_down(path: Path, title: str) -> None:
    expected = sections(path.with_suffix(".out"))
    assert reported(sections(path)[title]) == expected[title]


def test_expectations_and_cases_are_the_same() -> None:
    for path in CASES:
        assert list(sections(path.with_suffix(".out"))) == list(sections(path))


@pytest.mark.parametrize(("path", "title"), ALL)
def test_modules_have_the_faults_of_their_titles_alone(path: Path, title: str) -> None:
    found = set(re.findall(r"^\d+:\d+ (\w+)", reported(sections(path)[title]), re.M))
    assert found == broken_by(title)


def test_every_rule_has_two_broken_modules_and_one_that_is_near() -> None:
    titles = [TITLE.match(title) for path in CASES for title in sections(path)]
    one_rule = [match for match in titles if match and match[1] in RULES]
    broken = Counter(match[1] for match in one_rule if not match[2])
    near = {match[1] for match in one_rule if match[2]}
    assert {code for code, number in broken.items() if number > 1} == set(RULES) == near


def main() -> None:
    for path in CASES:
        found = [f"=== {t}\n{reported(text)}" for t, text in sections(path).items()]
        path.with_suffix(".out").write_text("".join(found), encoding="utf-8")


if __name__ == "__main__":
    main()
