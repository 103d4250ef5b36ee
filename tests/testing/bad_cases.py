"""Layers that cannot be made, built or called, and what is not a layer at all."""

import keras
from correct_layers import Affine
from keras import ops

register = keras.saving.register_keras_serializable(package="bad_cases")


class NoLayer:
    def __init__(self, units):
        self.units = units

    def call(self, x):
        return x


class LooksLikeACell(keras.layers.Layer):
    """Takes `states` in its `call` and is no cell."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, inputs, states):
        return inputs


@register
class CrashesInInit(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        raise KeyError("no such setting")


@register
class CrashesInBuild(Affine):
    def build(self, input_shape):
        raise RuntimeError("no kernel today")


@register
class CrashesInCall(Affine):
    def call(self, x):
        return ops.matmul(x, self.kernel) + self.offset


@register
class ReturnsNothing(Affine):
    def call(self, x):
        ops.matmul(x, self.kernel)


@register
class ReturnsText(Affine):
    def call(self, x):
        return "done"


@register
class BuildsInCall(Affine):
    """Makes a weight in `call`: a second call makes another, which Keras refuses."""

    def call(self, x):
        self.late = self.add_weight(name="late", shape=(self.units,))
        return super().call(x) + self.late


@register
class ForgetsSuper(keras.layers.Layer):
    """Sets an attribute before Keras has made the object one of its own."""

    def __init__(self, units, **kwargs):
        self.inner = keras.layers.Dense(units)

    def call(self, x):
        return self.inner(x)


def no_model(units):
    return units
