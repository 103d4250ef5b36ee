"""Every check catches at least two layers, broken in different ways, and says how."""

import importlib

import pytest

from layergen.testing import CHECKS, CheckFailure
from layergen.testing.runner import run_check

GROUPS = [
    *("shapes", "values", "gradients", "configs", "refusals", "saving", "running"),
    *("training", "states", "randomness", "masks", "losses", "cells", "quietly"),
]
TABLES = [importlib.import_module(f"broken_{group}").BROKEN for group in GROUPS]
BROKEN = {
    name: [one for table in TABLES for one in table.get(name, [])]
    for name in dict.fromkeys(name for table in TABLES for name in table)
}
CAUGHT = [
    pytest.param(name, case, words, id=f"{name}-{case.name}")
    for name, found in BROKEN.items()
    for case, words in found
]


def test_every_check_has_two_broken_layers():
    assert sorted(BROKEN) == sorted(CHECKS)
    for name, found in BROKEN.items():
        assert len({case.layer for case, _ in found}) >= 2, name


@pytest.mark.parametrize(("name", "case", "words"), CAUGHT)
def test_check_catches(name, case, words):
    check = CHECKS[name]
    assert check.applies(case)
    with pytest.raises(CheckFailure) as failure:
        run_check(check, case)
    said = str(failure.value)
    assert said.startswith(f"{case.name}: ")
    assert "the check" not in said, "the check itself crashed"
    assert words in said
    assert "\n" in said, "no hint"
