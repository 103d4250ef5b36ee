"""Layers with one fault each, in cells, and the checks that catch them."""

import keras
from broken_cases import cell
from correct_stateful import Cell, cell_step
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_cells")


@register
class TrustsPython(Cell):
    calls = 0

    def call(self, inputs, states, training=None):
        self.calls += 1
        output, states = super().call(inputs, states)
        return output * self.calls, states


@register
class HalfAState(Cell):
    def call(self, inputs, states, training=None):
        output, (h, c) = super().call(inputs, states)
        return output, [ops.cast(h, "float32"), c]


@register
class WrongOutputSize(Cell):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.output_size = units + 1


@register
class SwapsStates(Cell):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.state_size = self.state_size[::-1]

    def get_initial_state(self, batch_size=None):
        return super().get_initial_state(batch_size)[::-1]

    def call(self, inputs, states, training=None):
        output, following = super().call(inputs, states[::-1])
        return output, following[::-1]


@register
class RemembersElsewhere(Cell):
    def build(self, input_shape):
        super().build(input_shape)
        self.steps = self.add_weight(
            name="steps", shape=(), initializer="zeros", trainable=False
        )

    def call(self, inputs, states, training=None):
        self.steps.assign_add(1.0)
        output, states = super().call(inputs, states)
        return output * ops.cast(self.steps, output.dtype), states


@register
class TwiceTheState(Cell):
    def call(self, inputs, states, training=None):
        h, c = states
        return super().call(inputs, [2 * h, c])


@register
class RandomStart(Cell):
    def get_initial_state(self, batch_size=None):
        return [
            one + keras.random.normal(ops.shape(one), dtype=one.dtype)
            for one in super().get_initial_state(batch_size)
        ]


@register
class ForgetsTheState(Cell):
    def call(self, inputs, states, training=None):
        h, c = states
        return super().call(inputs, [ops.zeros_like(h), c])


BROKEN = {
    "cell_states_are_as_stated": [
        (cell(HalfAState), "and returns [((2, 7), 'float32'), ((2, 8), 'float16')]"),
        (cell(WrongOutputSize), "`output_size` is 8, but a step returns (2, 7)"),
        (cell(SwapsStates), "under float32 the first states are [((2, 8), 'float32')"),
    ],
    "rnn_equals_single_steps": [
        (cell(TrustsPython), "go_backwards=False) differs from single steps"),
        (cell(RandomStart), "go_backwards=False) differs from single steps"),
    ],
    "masked_step_leaves_the_states": [
        (cell(RemembersElsewhere), "with the first step masked, an RNN differs from"),
        (cell(TrustsPython), "with the first step masked, an RNN differs from"),
    ],
    "step_equals_reference": [
        (cell(TwiceTheState, reference=cell_step), "one step is not the reference's"),
        (cell(ForgetsTheState, reference=cell_step), "one step is not the reference's"),
    ],
}
