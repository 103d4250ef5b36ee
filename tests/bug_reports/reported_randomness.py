"""Noise: 1 and 5 of the list, each with its mend."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

registered = keras.saving.register_keras_serializable(package="reported")


@registered
class RandomGain(keras.layers.Layer):
    """1: the strength is drawn by NumPy."""

    def __init__(self, power=0.5, **kwargs):
        super().__init__(**kwargs)
        self.power = power
        self.seed_generator = keras.random.SeedGenerator(7)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        strength = np.random.uniform(0.0, self.power)
        noise = keras.random.normal(
            ops.shape(inputs), dtype=inputs.dtype, seed=self.seed_generator
        )
        return inputs + strength * noise

    def get_config(self):
        return {**super().get_config(), "power": self.power}


@registered
class RandomGainMended(keras.layers.Layer):
    def __init__(self, power=0.5, **kwargs):
        super().__init__(**kwargs)
        self.power = power
        self.seed_generator = keras.random.SeedGenerator(7)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        strength = keras.random.uniform(
            (), 0.0, self.power, dtype=inputs.dtype, seed=self.seed_generator
        )
        noise = keras.random.normal(
            ops.shape(inputs), dtype=inputs.dtype, seed=self.seed_generator
        )
        return inputs + strength * noise

    def get_config(self):
        return {**super().get_config(), "power": self.power}


@registered
class FixedPrecisionNoise(keras.layers.Layer):
    """5: the noise is of float32, whatever the input is of."""

    def __init__(self, stddev=0.5, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev
        self.supports_masking = True

    def call(self, inputs, training=False):
        if training:
            return inputs + tf.random.normal(tf.shape(inputs), stddev=self.stddev)
        return inputs

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}


@registered
class FixedPrecisionNoiseMended(keras.layers.Layer):
    def __init__(self, stddev=0.5, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev
        self.supports_masking = True
        self.seed_generator = keras.random.SeedGenerator(3)

    def call(self, inputs, training=False):
        if training:
            return inputs + keras.random.normal(
                ops.shape(inputs),
                stddev=self.stddev,
                dtype=inputs.dtype,
                seed=self.seed_generator,
            )
        return inputs

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}
