"""What is kept of the messages that Keras and its backends wrap around each other."""

import keras
import pytest
from keras import ops

from layergen.testing.outcomes import innermost

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
    assert said.endswith(SAID)
    assert "Could not automatically infer the output shape" in said
    for noise in ("Exception encountered", "Arguments received by H", "\x1b", "•"):
        assert noise not in said


def test_the_backend_s_own_noise_is_left_out():
    said = innermost(message(Multiplies(), ops.ones((2, 3))))
    assert said
    for noise in ("function_node", "[Op:", "Arguments received", "\x1b"):
        assert noise not in said
