"""Layers that people asked for compute what they asked for.

`README.md` says who asked for what. Beside each spec lies what must come out, in NumPy, in
the form that `tests/unseen/harness.py` takes; a spec has several where arguments change
what is there.
"""

from pathlib import Path

import pytest
from unseen import harness

HERE = Path(__file__).parent
SPECS = {path.stem: path for path in HERE.glob("*.yaml")}
VALUES = {path.stem: path for path in HERE.glob("*.py") if path != Path(__file__)}


def spec_of(name):
    """The spec that a module of values is for: of those that its name begins with."""
    return SPECS[max((one for one in SPECS if name.startswith(one)), key=len)]


@pytest.mark.parametrize("name", sorted(VALUES))
def test_asked_for(tmp_path, name):
    result = harness.run(spec_of(name), VALUES[name], tmp_path)
    assert not result.refused
    assert not result.wrong


def test_every_question_has_a_spec_and_values():
    asked = (HERE / "README.md").read_text("utf-8")
    assert {spec_of(name).stem for name in VALUES} == SPECS.keys()
    assert [name for name in SPECS if f"| `{name}` |" not in asked] == []
    assert len(SPECS) == 20
