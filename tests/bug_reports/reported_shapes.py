"""Sizes and Python on tensors: 2, 3, 6, 10 and 12 of the list, each with its mend."""

import keras
import tensorflow as tf
from keras import ops

registered = keras.saving.register_keras_serializable(package="reported")


@registered
class ChannelScale(keras.layers.Layer):
    """2: asks the variable whether there is a bias."""

    def __init__(self, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.use_bias = use_bias

    def build(self, input_shape):
        size = (input_shape[-1],)
        self.scale = self.add_weight(name="scale", shape=size, initializer="ones")
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=size, initializer="zeros")

    def call(self, inputs):
        outputs = inputs * self.scale
        if self.bias:
            outputs = outputs + self.bias
        return outputs

    def get_config(self):
        return {**super().get_config(), "use_bias": self.use_bias}


@registered
class ChannelScaleMended(keras.layers.Layer):
    def __init__(self, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.use_bias = use_bias

    def build(self, input_shape):
        size = (input_shape[-1],)
        self.scale = self.add_weight(name="scale", shape=size, initializer="ones")
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(name="bias", shape=size, initializer="zeros")

    def call(self, inputs):
        outputs = inputs * self.scale
        if self.bias is not None:
            outputs = outputs + self.bias
        return outputs

    def get_config(self):
        return {**super().get_config(), "use_bias": self.use_bias}


@registered
class FeaturePool(keras.layers.Layer):
    """3: reshapes by a shape in which the batch is None."""

    def __init__(self, pool_size=2, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = pool_size

    def call(self, inputs):
        shape = inputs.shape
        groups = shape[-1] // self.pool_size
        parts = ops.reshape(inputs, (shape[0], groups, self.pool_size))
        return ops.max(parts, axis=-1)

    def get_config(self):
        return {**super().get_config(), "pool_size": self.pool_size}


@registered
class FeaturePoolMended(keras.layers.Layer):
    def __init__(self, pool_size=2, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = pool_size

    def call(self, inputs):
        groups = inputs.shape[-1] // self.pool_size
        parts = ops.reshape(inputs, (-1, groups, self.pool_size))
        return ops.max(parts, axis=-1)

    def get_config(self):
        return {**super().get_config(), "pool_size": self.pool_size}


@registered
class CausalSum(keras.layers.Layer):
    """6: fills its output step by step."""

    def call(self, inputs):
        outputs = ops.zeros_like(inputs)
        outputs[:, 0] = inputs[:, 0]
        outputs[:, 1:] = inputs[:, 1:] + inputs[:, :-1]
        return outputs


@registered
class CausalSumMended(keras.layers.Layer):
    def call(self, inputs):
        later = inputs[:, 1:] + inputs[:, :-1]
        return ops.concatenate([inputs[:, :1], later], axis=1)


@registered
class Canvas(keras.layers.Layer):
    """10: paints on a variable that each call makes for the batch that `build` saw."""

    def build(self, input_shape):
        self.rows = input_shape[0]

    def call(self, inputs):
        canvas = tf.Variable(tf.ones([self.rows, inputs.shape[1]]))
        canvas.assign_add(inputs)
        return ops.convert_to_tensor(canvas)


@registered
class CanvasMended(keras.layers.Layer):
    def call(self, inputs):
        return ops.ones_like(inputs) + inputs


@registered
class OuterProducts(keras.layers.Layer):
    """12: keeps the number of rows, and gathers them in a list."""

    def call(self, inputs):
        self.rows = ops.shape(inputs)[0]
        found = []
        for row in range(self.rows):
            found.append(ops.outer(inputs[row], inputs[row]))
        return ops.stack(found)

    def compute_output_shape(self, input_shape):
        return (self.rows, input_shape[-1], input_shape[-1])


@registered
class OuterProductsMended(keras.layers.Layer):
    def call(self, inputs):
        return inputs[:, :, None] * inputs[:, None, :]

    def compute_output_shape(self, input_shape):
        return (*input_shape, input_shape[-1])
