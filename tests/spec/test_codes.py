"""Every code is explained, by a spec that has just that problem and one that has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import layergen.spec
from layergen.codes import CODES
from layergen.spec.reader import read_spec

ROOM = Path(layergen.spec.__file__).parent


@pytest.mark.parametrize("code", CODES)
def test_bad_example_has_the_problem(code: str) -> None:
    problems = read_spec(CODES[code].bad, "bad.yaml").problems
    assert {problem.code for problem in problems} == {code}


@pytest.mark.parametrize("code", CODES)
def test_good_example_has_none(code: str) -> None:
    reading = read_spec(CODES[code].good, "good.yaml")
    assert not reading.problems
    assert reading.spec is not None


def test_every_code_is_explained() -> None:
    source = "".join(path.read_text("utf-8") for path in ROOM.glob("*.py"))
    assert set(re.findall(r'"(LGW?\d+)"', source)) == set(CODES)


def test_codes_are_well_formed() -> None:
    for code, explanation in CODES.items():
        assert re.fullmatch(r"LG[1-5]\d\d|LGW\d\d", code)
        assert explanation.code == code
        assert explanation.meaning.endswith(".")
