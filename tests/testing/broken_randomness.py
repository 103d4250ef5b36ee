"""Layers with one fault each, in what they draw, and the checks that catch them."""

import keras
import numpy as np
import tensorflow as tf
from broken_cases import Box, noise
from correct_layers import Affine
from correct_stateful import Noise
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_randomness")


@register
class FixedSeed(Noise):
    def noise(self, y):
        shape, dtype = ops.shape(y), self.compute_dtype
        return y + keras.random.normal(shape, dtype=dtype, seed=self.seed or 1)


@register
class NumpyNoise(Noise):
    def noise(self, y):
        drawn = np.random.standard_normal(self.units)
        return y + ops.cast(drawn, self.compute_dtype)


@register
class IgnoresSeed(Noise):
    def __init__(self, units, seed=None, **kwargs):
        super().__init__(units, seed=seed, **kwargs)
        self.seed_generator = keras.random.SeedGenerator(7)


@register
class GlobalGenerator(Noise):
    def noise(self, y):
        return y + keras.random.normal(ops.shape(y), dtype=self.compute_dtype)


@register
class DrawsInVain(Noise):
    def call(self, x, training=None):
        y = Affine.call(self, x)
        noisy = self.noise(y)
        return noisy if training else y


@register
class NoisyPredictions(Noise):
    def call(self, x, training=None):
        noisy = self.noise(Affine.call(self, x))
        return noisy if training else 0.5 * noisy


@register
class HiddenGenerator(Noise):
    def __init__(self, units, seed=None, **kwargs):
        super().__init__(units, seed=seed, **kwargs)
        self.box = Box(keras.random.SeedGenerator(self.seed))

    def noise(self, y):
        drawn = keras.random.normal(
            ops.shape(y), dtype=self.compute_dtype, seed=self.box.content
        )
        return y + drawn


@register
class ForgetsSeed(Noise):
    def get_config(self):
        return {**super().get_config(), "seed": None}


@register
class DrawsOnce(Noise):
    """Draws when it is built, and gives that in every step."""

    def build(self, input_shape):
        super().build(input_shape)
        drawn = np.random.default_rng(self.seed).standard_normal(self.units)
        self.drawn = drawn.astype("float32")

    def noise(self, y):
        return y + ops.cast(self.drawn, self.compute_dtype)


@register
class TensorFlowNoise(Affine):
    def __init__(self, units, seed=None, **kwargs):
        super().__init__(units, **kwargs)
        self.seed = seed

    def call(self, x, training=None):
        y = super().call(x)
        return y + tf.random.normal(tf.shape(y), dtype=y.dtype) if training else y

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


@register
class NextSeed(Noise):
    def get_config(self):
        return {**super().get_config(), "seed": self.seed + 1}


BROKEN = {
    "draws_anew_in_every_step": [
        (noise(FixedSeed), "64 steps in training give the same"),
        (noise(DrawsOnce), "64 steps in training give the same"),
    ],
    "graph_draws_anew_in_every_step": [
        (noise(NumpyNoise), "64 steps of a graph in training give the same"),
        (noise(FixedSeed), "64 steps of a graph in training give the same"),
    ],
    "same_seed_repeats": [
        (noise(IgnoresSeed), "two layers of different seeds draw the same"),
        (noise(GlobalGenerator), "two layers of the same seed draw differently"),
    ],
    "inference_draws_nothing": [
        (noise(DrawsInVain), "a call at inference moves the random generator"),
        (noise(NoisyPredictions), "two calls at inference differ"),
    ],
    "generator_is_tracked": [
        (noise(HiddenGenerator), "self.box.content is a generator that Keras does not"),
        (noise(TensorFlowNoise), "no random generator is among the layer's variables"),
    ],
    "loaded_layer_draws_from_its_seed": [
        (noise(ForgetsSeed), "the layer draws from another seed"),
        (noise(NextSeed), "the layer draws from another seed"),
    ],
}
