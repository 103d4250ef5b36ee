"""Every code is explained; one of specs by a spec that has just that problem and one that
has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import layergen
from layergen.codes import CODES, SPEC_CODES
from layergen.loading import read_spec
from layergen.problems import Problem, SpecError
from layergen.rendering import render

PACKAGE = Path(layergen.__file__).parent


def problems_of(text: str) -> list[Problem]:
    """What is found in reading a spec, or in rendering it."""
    reading = read_spec(text, "bad.yaml")
    found = list(reading.problems)
    if reading.spec is not None:
        try:
            render(reading.spec)
        except SpecError as error:
            found += error.problems
    return found


# What shows only against what was generated before: tests/project/test_variables.py.
HISTORY = {code for code in SPEC_CODES if code.startswith("LG8")}


@pytest.mark.parametrize("code", [code for code in SPEC_CODES if code not in HISTORY])
def test_bad_example_has_the_problem(code: str) -> None:
    assert {problem.code for problem in problems_of(SPEC_CODES[code].bad)} == {code}


@pytest.mark.parametrize("code", SPEC_CODES)
def test_good_example_has_none(code: str) -> None:
    reading = read_spec(SPEC_CODES[code].good, "good.yaml")
    assert not reading.problems
    assert reading.spec is not None


def test_every_code_is_explained() -> None:
    files = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.stem != "explanations" and path.parent.name != "explanations"
    ]
    source = "".join(path.read_text("utf-8") for path in files)
    assert set(re.findall(r'"(LGW?\d+)"', source)) == set(CODES)


def test_codes_are_well_formed() -> None:
    for code, explanation in CODES.items():
        assert re.fullmatch(r"LG[1-8]\d\d|LGW\d\d", code)
        assert explanation.code == code
        assert explanation.meaning.endswith(".")
