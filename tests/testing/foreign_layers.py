"""Right layers as public projects write them, each of a kind that only looks wrong."""

import keras
from keras import layers, ops

register = keras.saving.register_keras_serializable(package="foreign_layers")


@register
class FillsGaps(layers.Layer):
    """Puts a trained value in the place of each NaN: other inputs never show it."""

    def build(self, input_shape):
        self.filling = self.add_weight(name="filling", shape=(input_shape[-1],))

    def call(self, x):
        return ops.where(ops.isnan(x), self.filling, x)


@register
class TwoKernels(layers.Layer):
    """Hands its initializer to the first of two layers, as its argument is documented."""

    def __init__(self, units, kernel_initializer="he_normal", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.dense = layers.Dense(
            units, kernel_initializer=self.kernel_initializer, dtype=self.dtype_policy
        )
        self.gate = layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.dense.build(input_shape)
        self.gate.build(input_shape)

    def call(self, x):
        return self.dense(x) * ops.sigmoid(self.gate(x))

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


RIGHT = [
    (FillsGaps, {}),
    (TwoKernels, {"units": 4}),
]
