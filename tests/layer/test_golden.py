"""The text that the specs of `tests/specs` render to, kept in `tests/golden`.

The test files there are collected and run as well. After a change that is meant:
`layergen generate --out tests/golden tests/specs/*.yaml`.
"""

from pathlib import Path

import pytest

from layergen.loading import read_spec
from layergen.rendering import render

TESTS = Path(__file__).parent.parent
SPECS = sorted((TESTS / "specs").glob("*.yaml"))
FOLDERS = [TESTS / "golden", TESTS.parent / "generated_examples"]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_renders_to_the_golden_text(path):
    reading = read_spec(path.read_text("utf-8"), path.name, path.stem)
    for name, text in render(reading.spec).items():
        assert text == (TESTS / "golden" / name).read_text("utf-8")


def test_every_golden_file_has_a_spec():
    stems = {path.stem for path in SPECS}
    found = {
        path.stem.removeprefix("test_") for path in (TESTS / "golden").glob("*.py")
    }
    assert found == stems
