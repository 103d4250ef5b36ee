"""Layers with one fault each, in what they refuse, and the checks that catch them."""

import keras
from broken_cases import case
from correct_layers import Affine
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_refusals")


@register
class AcceptsAnything(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units if isinstance(units, int) else 7, **kwargs)


@register
class WrongKindOfError(Affine):
    def __init__(self, units, **kwargs):
        if not isinstance(units, int):
            raise TypeError("`units` must be an integer")
        super().__init__(units, **kwargs)


@register
class UnnamedError(Affine):
    def __init__(self, units, **kwargs):
        if not isinstance(units, int):
            raise ValueError("wrong size")
        super().__init__(units, **kwargs)


@register
class AnyRank(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.input_spec = None

    def build(self, input_shape):
        self.before_last = input_shape[-2]
        super().build(input_shape)


@register
class AnySize(Affine):
    def build(self, input_shape):
        super().build((*input_shape[:-1], int(input_shape[-1])))


@register
class Broadcasts(keras.layers.Layer):
    def build(self, input_shape):
        self.gain = self.add_weight(name="gain", shape=(input_shape[-1],))

    def call(self, x):
        return x * self.gain


@register
class BackendError(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = None


@register
class TransposesAnyRank(keras.layers.Layer):
    def call(self, x):
        return ops.transpose(x, (0, 2, 1))

    def compute_output_shape(self, input_shape):
        batch, time, features = input_shape
        return (batch, features, time)


@register
class ScalesByWidth(keras.layers.Layer):
    def call(self, x):
        return x / x.shape[-1] ** 0.5


BROKEN = {
    "wrong_argument_is_refused": [
        (case(AcceptsAnything), "units='wrong' is accepted"),
        (case(WrongKindOfError), "raises TypeError instead of a ValueError"),
        (case(UnnamedError), "is refused without naming it: wrong size"),
    ],
    "wrong_rank_is_refused_at_build": [
        (case(AnyRank), "`x` of shape () raises IndexError"),
        (case(TransposesAnyRank, (2, 5, 3), {}), "InvalidArgumentError instead of a"),
    ],
    "unknown_size_is_refused_at_build": [
        (case(AnySize), "`x` of shape (2, None) raises TypeError"),
        (case(ScalesByWidth, args={}), "`x` of shape (2, None) raises TypeError"),
    ],
    "wrong_size_is_refused_on_later_calls": [
        (case(Broadcasts, args={}), "`x` of shape (2, 1) is accepted"),
        (case(BackendError), "raises InvalidArgumentError instead of a ValueError"),
    ],
}
