"""The rules as a whole: explained, documented, and silent on layers that are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layergen.codes import LAYER_CODES
from layergen.lint.check import check_file, check_text
from layergen.lint.rules import RULES
from layergen.lint.rules_document import with_table
from layergen.problems import UNREADABLE

ROOT = Path(__file__).resolve().parents[2]
# Every file that is generated, with its test, and the layers that the battery passes.
RIGHT = [
    *sorted((ROOT / "generated_examples").glob("*.py")),
    *sorted((ROOT / "tests" / "golden").glob("*.py")),
    *sorted((ROOT / "tests" / "testing").glob("correct_*.py")),
]


@pytest.mark.parametrize("code", LAYER_CODES)
def test_bad_example_has_the_problem_alone(code: str) -> None:
    found = check_text(LAYER_CODES[code].bad, "bad.py")
    assert {problem.code for problem in found} == {code}


@pytest.mark.parametrize("code", LAYER_CODES)
def test_good_example_has_none(code: str) -> None:
    assert check_text(LAYER_CODES[code].good, "good.py") == ()


def test_every_rule_is_explained() -> None:
    assert {*RULES, UNREADABLE} == set(LAYER_CODES)


def test_right_layers_have_no_problems() -> None:
    assert len(RIGHT) > 100
    assert [problem for path in RIGHT for problem in check_file(path)] == []


def test_page_is_current() -> None:
    page = (ROOT / "docs" / "lint.md").read_text("utf-8")
    assert with_table(page) == page
    assert with_table(re.sub(r"^\| `LG711.*\n", "", page, flags=re.M)) == page
