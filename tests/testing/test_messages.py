"""What is kept of the messages that Keras and its backends wrap around each other."""

import keras
import pytest
from keras import ops

from layergen.testing.causes import cause_of
from layergen.testing.saying import innermost

SAID = "Bad thing,\nArguments received by me"


class Raises(keras.layers.Layer):
    def call(self, x):
        raise ValueError(SAID)


class Holds(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = Raises()

    def call(self, x):
        return self.inner(x)


class Multiplies(keras.layers.Layer):
    def call(self, x):
        return ops.matmul(x, ops.ones((4, 4)))


def message(layer, x):
    with pytest.raises(Exception) as raised:  # noqa: PT011
        layer(x)
    return str(raised.value)


@pytest.mark.parametrize("layer", [Raises, Holds])
def test_the_real_message_is_kept_alone(layer):
    told = message(layer(), ops.ones((2, 3)))
    assert "Exception encountered when calling Raises.call()" in told
    assert innermost(told) == SAID


def test_so_it_is_where_one_wraps_another():
    said = innermost(message(Holds(), keras.Input((3,))))
    assert said == SAID


def test_the_backend_s_own_noise_is_left_out():
    said = innermost(message(Multiplies(), ops.ones((2, 3))))
    assert said
    for noise in ("function_node", "[Op:", "Arguments received", "\x1b"):
        assert noise not in said


class Branches(keras.layers.Layer):
    def call(self, x):
        if ops.sum(x) > 0:
            return x
        return -x


def raised_by(called, *given):
    with pytest.raises(Exception) as raised:  # noqa: PT011
        called(*given)
    return raised.value


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="AutoGraph's")
def test_one_cause_is_one_whoever_calls_and_its_line_is_told():
    import tensorflow as tf

    layer = Branches()
    symbolic = cause_of(raised_by(layer, keras.Input((3,))))
    spec = tf.TensorSpec((2, 3))
    graph = cause_of(
        raised_by(tf.function(lambda x: layer(x)).get_concrete_function, spec)
    )
    for one in (symbolic, graph):
        assert one.line.startswith("test_messages.py:")
        assert one.line.endswith(", in call: if ops.sum(x) > 0:")
        assert one.said.endswith("as a Python `bool` is not allowed.")
    assert symbolic.key == graph.key


def test_dtypes_and_numbers_do_not_make_causes_of_one():
    class Clashes(keras.layers.Layer):
        def call(self, x):
            return x * ops.ones((3,), "float64")

    found = {
        cause_of(raised_by(Clashes(dtype=dtype), ops.ones((2, 3), dtype))).key
        for dtype in ("float16", "float32")
    }
    assert len(found) == 1


def test_values_are_not_told():
    given = "bad: tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32) there"
    assert innermost(given) == "bad: a tensor of shape (2, 2) and dtype float32 there"
    config = "{'inner': {'config': {'name': 'dense', 'units': 4}}, 'other': [1, 'a']}"
    said = innermost(f"Unrecognized keyword arguments passed to Me: {config}")
    assert said == "Unrecognized keyword arguments passed to Me: 'inner', 'other'"
