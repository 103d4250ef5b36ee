"""A call that fails half-way changes nothing for those that come after it."""

import keras
import pytest
from keras.src.backend.common import global_state

from layergen.testing import LayerCase, check_layer
from layergen.testing.observing import observed_case
from layergen.testing.outcomes import Blame, CheckFailure


def is_inside_a_call():
    return global_state.get_global_attribute("current_call_ctx") is not None


class Remembers(keras.layers.Layer):
    """Doubles its inputs in training."""

    def call(self, x, training=None):
        return keras.ops.where(bool(training), 2.0 * x, x)


def leave_one_half_way():
    layer = Remembers()
    layer._get_call_context().training = True


def test_checks_run_outside_of_calls():
    leave_one_half_way()
    assert is_inside_a_call()
    report = check_layer(LayerCase(Remembers, {}, {"x": (2, 3)}, training=True))
    assert "training_differs_from_inference" in report.passed
    assert not is_inside_a_call()


def test_what_calls_do_is_observed_outside_of_others():
    leave_one_half_way()
    assert observed_case(Remembers, {}, {"x": (2, 3)}).training
    assert not is_inside_a_call()


def test_what_fails_is_left():
    with pytest.raises(CheckFailure):
        with Blame("Layer", lambda cause: ("", "")).during("calling it", "Call it."):
            leave_one_half_way()
            raise ValueError("half-way")
    assert not is_inside_a_call()
