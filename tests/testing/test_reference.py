"""The reference page of the checks is what their docstrings say."""

from pathlib import Path

from layergen.testing import CHECKS
from layergen.testing.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_page_is_current():
    hint = "run: python -m layergen.testing.reference > docs/checks.md"
    assert PAGE.read_text() == page(), hint


def test_every_check_has_a_row_and_a_section():
    text = page()
    for name, check in CHECKS.items():
        assert f"| {check.group} | [`{name}`](#{name}) | " in text
        assert f"\n### `{name}`\n" in text
