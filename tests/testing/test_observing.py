"""Cases for layers that nobody has described."""

import keras
import pytest
from keras import ops

from layergen.testing import Input, check_layer
from layergen.testing.inputs import shown
from layergen.testing.observing import NoInputs, input_names, observed_case


class Running(keras.layers.Layer):
    """Adds a running sum to its input, at inference too; adds one loss."""

    def build(self, input_shape):
        self.total = self.add_weight(
            name="total", shape=(1,), initializer="zeros", trainable=False
        )

    def call(self, x):
        self.total.assign(self.total + ops.mean(x))
        self.add_loss(ops.mean(x))
        return x + self.total


class PerSample(keras.layers.Layer):
    """Keeps the last input of each sample."""

    def build(self, input_shape):
        self.last = self.add_weight(
            name="last", shape=input_shape, initializer="zeros", trainable=False
        )

    def call(self, x):
        last = ops.copy(self.last)
        self.last.assign(x)
        return x + last


class Square(keras.layers.Layer):
    """Takes a matrix of a size that nobody would guess."""

    def call(self, x):
        return ops.matmul(x, ops.ones((17, 3)))


class Crashes(keras.layers.Layer):
    def __init__(self, **kwargs):
        raise RuntimeError("boom")

    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("layer", "args", "inputs"),
    [
        (keras.layers.Dense, {"units": 4}, {"inputs": (3, 8)}),
        (keras.layers.LSTM, {"units": 4}, {"sequences": (3, 5, 8)}),
        (
            keras.layers.Conv2D,
            {"filters": 4, "kernel_size": 3},
            {"inputs": (3, 6, 6, 8)},
        ),
        (keras.layers.MaxPooling3D, {}, {"inputs": (3, 4, 4, 4, 8)}),
        (keras.layers.Add, {}, {"inputs": [(3, 8), (3, 8)]}),
    ],
)
def test_the_first_inputs_that_are_accepted_are_taken(layer, args, inputs):
    assert observed_case(layer, args).inputs == inputs


def test_integers_are_tried_where_floats_are_refused():
    class Lookup(keras.layers.Layer):
        def call(self, tokens):
            return ops.take(ops.ones((4, 3)), ops.bitwise_and(tokens, 3), axis=0)

    case = observed_case(Lookup, {})
    assert case.inputs == {"tokens": Input((3, 5), "int32", 0, 3)}


def test_what_calls_do_is_stated():
    case = observed_case(Running, {})
    assert (case.losses, case.training, case.states) == (1, None, {"total": (1,)})
    case = observed_case(keras.layers.BatchNormalization, {})
    assert case.training is True
    assert case.states == {"moving_mean": (8,), "moving_variance": (8,)}
    case = observed_case(keras.layers.Dropout, {"rate": 0.5})
    assert (case.training, case.states) == (True, None)
    case = observed_case(keras.layers.Dense, {"units": 2})
    assert (case.losses, case.training, case.states) == (0, None, None)


def test_a_state_per_sample_asks_for_a_fixed_batch():
    assert observed_case(PerSample, {}).unknown == ()


def test_refused_inputs_are_listed():
    with pytest.raises(NoInputs) as refusal:
        observed_case(Square, {})
    lines = str(refusal.value).splitlines()
    assert lines[0].startswith("x (3, 8): ")
    assert lines[0].endswith(" more like it)") and len(lines) < 10


def test_a_layer_that_cannot_be_made_fails_one_check():
    for inputs in (None, {"x": (2, 3)}):
        report = check_layer(observed_case(Crashes, {}, inputs))
        assert [one.check for one in report.failures] == ["can_be_called"]
        assert "RuntimeError: boom" in report.failures[0].message
        assert not report.passed and not report.not_applicable


def test_inputs_of_call():
    assert input_names(keras.layers.MultiHeadAttention) == ["query", "value"]
    assert input_names(keras.layers.LSTM) == ["sequences"]


def test_inputs_in_a_line():
    inputs = {"x": (2, 3), "y": [(2,), (3,)], "z": Input((4,), "int32", 0, 9)}
    assert shown(inputs) == "x (2, 3), y [(2,), (3,)], z (4,) int32 0..9"


class Fused(keras.layers.Layer):
    """Takes a dict, a member of which may be absent."""

    def call(self, inputs, mask=None):
        total = inputs["left"] + inputs["right"]
        more = inputs.get("more")
        return total if more is None else total + more


class Neighbours(keras.layers.Layer):
    """Takes what the nodes of a graph hold, and a matrix of its edges."""

    def call(self, inputs):
        x, adjacency = inputs
        return ops.matmul(adjacency, x)


@pytest.mark.parametrize(
    ("layer", "inputs", "inputs_as"),
    [
        (Fused, {"left": (3, 8), "right": (3, 8)}, "dict"),
        (Neighbours, {"inputs": [(3, 5, 8), (3, 5, 5)]}, None),
    ],
)
def test_structures_are_tried(layer, inputs, inputs_as):
    case = observed_case(layer, {})
    assert (case.inputs, case.inputs_as) == (inputs, inputs_as)
