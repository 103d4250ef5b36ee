"""No check raises a false alarm on Keras' own layers; what fails is Keras' own fault.

A sample runs here; `benchmarks/builtins.py` runs them all and writes its table.
"""

from pathlib import Path

import pytest
from builtin_layers import BUILTINS
from keras_gaps import GAPS

from layergen.testing import CHECKS, CheckFailure, parametrize_checks
from layergen.testing.runner import run_check

SAMPLE = [
    *("Dense", "Conv2D", "BatchNormalization", "LayerNormalization", "GRU"),
    *("MultiHeadAttention", "LSTMCell", "Dropout", "Concatenate", "CenterCrop"),
]
TABLE = Path(__file__).parents[2] / "benchmarks" / "builtins.md"
FAILING = [(name, check) for name, gap in GAPS.items() for check in gap.checks]


@parametrize_checks([BUILTINS[name] for name in SAMPLE])
def test_sample(case, check):
    check(case)


@pytest.mark.parametrize("gap", GAPS.values(), ids=GAPS)
def test_a_gap_shows_in_keras_alone(gap):
    assert gap.reproduce(), "Keras has mended it: take it off the list"


@pytest.mark.parametrize(("name", "check"), FAILING)
def test_a_gap_fails_its_checks(name, check):
    with pytest.raises(CheckFailure):
        run_check(CHECKS[check], BUILTINS[name])


def test_there_are_few_gaps_and_many_layers():
    assert len(GAPS) <= 5
    assert len({case.layer for case in BUILTINS.values()}) >= 45


def test_the_table_is_of_these_layers():
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if "|" in line]
    assert [row.split("|")[1].strip() for row in rows[2:]] == sorted(BUILTINS)
