"""Correct layers that look like broken ones: what a hasty check would complain of."""

import keras
from keras import layers, ops

register = keras.saving.register_keras_serializable(package="subtle_layers")


class Shapeless(layers.Layer):
    """Its first output is like its first input."""

    def compute_output_shape(self, input_shape):
        return input_shape


@register
class TellsTheLargest(layers.Layer):
    """Only an integer output reads the keys."""

    def call(self, x, keys):
        return 2 * x, ops.argmax(keys, axis=-1)

    def compute_output_spec(self, x, keys):
        return (
            keras.KerasTensor(x.shape, self.compute_dtype),
            keras.KerasTensor(keys.shape[:-1], "int32"),
        )


@register
class SpreadsInTraining(Shapeless):
    """What is spread counts in training alone, and in the loss."""

    def call(self, x, spread, training=None):
        self.add_loss(ops.mean(ops.square(x)) + ops.mean(ops.exp(spread)))
        return x + spread if training else 1 * x


@register
class Attends(Shapeless):
    """The bias of attention's keys has no effect, and so no gradient."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attend = layers.MultiHeadAttention(2, 3, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.attend.build(input_shape, input_shape)

    def call(self, x):
        return x + self.attend(x, x)


@register
class SingleScale(Shapeless):
    """Keeps a scale in float32 under every policy, and is very small."""

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.scale = self.add_weight(
            name="scale", shape=shape, initializer="ones", dtype="float32"
        )

    def call(self, x):
        scale = ops.cast(self.scale, self.compute_dtype)
        return 1e-6 * ops.sin(x * scale)


@register
class Unscaled(Shapeless):
    """Its weight has no effect: there is nothing that a fit could learn."""

    def build(self, input_shape):
        self.shift = self.add_weight(name="shift", shape=())

    def call(self, x):
        return ops.softmax(x + ops.cast(self.shift, self.compute_dtype))


@register
class RarelyDrops(Shapeless):
    """Most steps on a small batch drop nothing at all."""

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, x, training=None):
        if not training:
            return x
        shape = (ops.shape(x)[0],)
        drawn = keras.random.uniform(shape, dtype=x.dtype, seed=self.seed_generator)
        return x * ops.cast(drawn > 0.25, x.dtype)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
