"""Layers in layers: 4, 8, 15 and 28 of the list, each with its mend."""

import keras
from keras import ops

registered = keras.saving.register_keras_serializable(package="reported")


@registered
class Growing(keras.layers.Layer):
    """4: makes its layers in `call`, and gathers features in a list that it keeps."""

    def __init__(self, depth=2, growth=3, **kwargs):
        super().__init__(**kwargs)
        self.depth, self.growth = depth, growth
        self.features = []

    def call(self, inputs):
        self.features.append(inputs)
        for _ in range(self.depth):
            joined = ops.concatenate(self.features, axis=-1)
            dense = keras.layers.Dense(self.growth, dtype=self.dtype_policy)
            self.features.append(dense(joined))
        return ops.concatenate(self.features, axis=-1)

    def get_config(self):
        return {**super().get_config(), "depth": self.depth, "growth": self.growth}


@registered
class GrowingMended(keras.layers.Layer):
    def __init__(self, depth=2, growth=3, **kwargs):
        super().__init__(**kwargs)
        self.depth, self.growth = depth, growth
        self.denses = [
            keras.layers.Dense(growth, dtype=self.dtype_policy) for _ in range(depth)
        ]

    def build(self, input_shape):
        size = input_shape[-1]
        for dense in self.denses:
            dense.build((*input_shape[:-1], size))
            size += self.growth

    def call(self, inputs):
        features = [inputs]
        for dense in self.denses:
            features.append(dense(ops.concatenate(features, axis=-1)))
        return ops.concatenate(features, axis=-1)

    def get_config(self):
        return {**super().get_config(), "depth": self.depth, "growth": self.growth}


@registered
class TokenHead(keras.layers.Layer):
    """8: takes a dtype, and does not give it to the layers that it is made of."""

    def __init__(self, vocabulary=5, **kwargs):
        super().__init__(**kwargs)
        self.vocabulary = vocabulary

    def build(self, input_shape):
        self.dense = keras.layers.Dense(input_shape[-1], activation="gelu")
        self.dense.build(input_shape)
        self.norm = keras.layers.LayerNormalization()
        self.norm.build(input_shape)
        self.bias = self.add_weight(
            name="bias", shape=(self.vocabulary,), initializer="zeros"
        )
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.vocabulary)
        )

    def call(self, inputs):
        x = self.norm(self.dense(inputs))
        return ops.matmul(x, self.kernel) + self.bias

    def get_config(self):
        return {**super().get_config(), "vocabulary": self.vocabulary}


@registered
class TokenHeadMended(keras.layers.Layer):
    def __init__(self, vocabulary=5, **kwargs):
        super().__init__(**kwargs)
        self.vocabulary = vocabulary

    def build(self, input_shape):
        policy = self.dtype_policy
        self.dense = keras.layers.Dense(
            input_shape[-1], activation="gelu", dtype=policy
        )
        self.dense.build(input_shape)
        self.norm = keras.layers.LayerNormalization(dtype=policy)
        self.norm.build(input_shape)
        self.bias = self.add_weight(
            name="bias", shape=(self.vocabulary,), initializer="zeros"
        )
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.vocabulary)
        )

    def call(self, inputs):
        x = self.norm(self.dense(inputs))
        return ops.matmul(x, self.kernel) + self.bias

    def get_config(self):
        return {**super().get_config(), "vocabulary": self.vocabulary}


@registered
class LateBlocks(keras.layers.Layer):
    """15: `build` makes the layers, and builds none of them."""

    def __init__(self, depth=2, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth

    def build(self, input_shape):
        self.denses = [
            keras.layers.Dense(4, activation="relu", dtype=self.dtype_policy)
            for _ in range(self.depth)
        ]
        self.norms = [
            keras.layers.LayerNormalization(dtype=self.dtype_policy)
            for _ in range(self.depth)
        ]

    def call(self, inputs):
        for dense, norm in zip(self.denses, self.norms, strict=True):
            inputs = norm(dense(inputs))
        return inputs

    def get_config(self):
        return {**super().get_config(), "depth": self.depth}


@registered
class LateBlocksMended(keras.layers.Layer):
    def __init__(self, depth=2, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth

    def build(self, input_shape):
        self.denses = [
            keras.layers.Dense(4, activation="relu", dtype=self.dtype_policy)
            for _ in range(self.depth)
        ]
        self.norms = [
            keras.layers.LayerNormalization(dtype=self.dtype_policy)
            for _ in range(self.depth)
        ]
        for dense, norm in zip(self.denses, self.norms, strict=True):
            dense.build(input_shape)
            input_shape = (*input_shape[:-1], 4)
            norm.build(input_shape)

    def call(self, inputs):
        for dense, norm in zip(self.denses, self.norms, strict=True):
            inputs = norm(dense(inputs))
        return inputs

    def get_config(self):
        return {**super().get_config(), "depth": self.depth}


@registered
class FeedForward(keras.layers.Layer):
    """28: one initializer for both branches, which begin equal."""

    def __init__(self, units=4, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.gate = keras.layers.Dense(
            units, kernel_initializer=self.kernel_initializer, dtype=self.dtype_policy
        )
        self.value = keras.layers.Dense(
            units, kernel_initializer=self.kernel_initializer, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        self.gate.build(input_shape)
        self.value.build(input_shape)

    def call(self, inputs):
        return ops.sigmoid(self.gate(inputs)) * self.value(inputs)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


@registered
class FeedForwardMended(keras.layers.Layer):
    def __init__(self, units=4, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.gate = keras.layers.Dense(
            units,
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
        )
        self.value = keras.layers.Dense(
            units,
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
        )

    def build(self, input_shape):
        self.gate.build(input_shape)
        self.value.build(input_shape)

    def call(self, inputs):
        return ops.sigmoid(self.gate(inputs)) * self.value(inputs)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
