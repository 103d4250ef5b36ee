"""Masks: 11 and 22 of the list, each with its mend."""

import keras
from keras import ops

registered = keras.saving.register_keras_serializable(package="reported")


@registered
class SkipFirst(keras.layers.Layer):
    """11: changes the mask alone, and returns the tensor that it was given."""

    def call(self, inputs, mask=None):
        return inputs

    def compute_mask(self, inputs, mask=None):
        if mask is None:
            return None
        return ops.logical_and(mask, ops.arange(inputs.shape[1]) > 0)


@registered
class SkipFirstMended(keras.layers.Layer):
    def call(self, inputs):
        return ops.copy(inputs)

    def compute_mask(self, inputs, mask=None):
        if mask is None:
            return None
        return ops.logical_and(mask, ops.arange(inputs.shape[1]) > 0)


@registered
class SmallestOverTime(keras.layers.Layer):
    """22: the steps go, and their mask goes on."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is not None:
            inputs = ops.where(mask[..., None], inputs, 100.0)
        return ops.min(inputs, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


@registered
class SmallestOverTimeMended(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is not None:
            inputs = ops.where(mask[..., None], inputs, 100.0)
        return ops.min(inputs, axis=1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])
