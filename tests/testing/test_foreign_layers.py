"""Layers as public projects write them: right ones are silent, wrong ones told what mends them."""

import keras
import pytest
from foreign_layers import (
    RIGHT,
    WRONG,
    AsManyAs,
    CountsByHistogram,
    Filters,
    Propagates,
)

from layergen.testing import CHECKS, CheckFailure, check_layer
from layergen.testing.observing import input_names, observed_case
from layergen.testing.runner import run_check

OF_TENSORFLOW = (Filters, CountsByHistogram)


@pytest.mark.parametrize(
    ("layer", "args"), RIGHT, ids=[layer.__name__ for layer, _ in RIGHT]
)
def test_right_layers_are_silent(layer, args):
    check_layer(observed_case(layer, args)).raise_if_failed()


@pytest.mark.parametrize(
    ("broken", "mended", "check", "mend", "wrong"),
    WRONG,
    ids=[one[0].__name__ for one in WRONG],
)
def test_the_mend_that_is_told_works(broken, mended, check, mend, wrong):
    if keras.backend.backend() != "tensorflow" and broken in OF_TENSORFLOW:
        pytest.skip("it is TensorFlow that says so")
    given = {"inputs": {input_names(broken)[0]: (3, 5, 8)}}
    with pytest.raises(CheckFailure) as told:
        run_check(CHECKS[check], observed_case(broken, {}, **given))
    assert mend in str(told.value)
    assert wrong not in str(told.value)
    check_layer(observed_case(mended, {}, **given)).raise_if_failed()


def test_an_input_may_be_read_for_its_shape_alone():
    case = observed_case(AsManyAs, {}, {"inputs": [(3, 4), (3, 4)]})
    run_check(CHECKS["everything_gets_a_gradient"], case)


def test_a_matrix_of_steps_is_tried():
    case = observed_case(Propagates, {})
    assert case.inputs == {"inputs": [(3, 5, 8), (3, 5, 5)]}
