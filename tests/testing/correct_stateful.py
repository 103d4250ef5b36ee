"""Layers with states, randomness, losses, masks of their own, and cells: no faults."""

import keras
import numpy as np
from correct_layers import Affine
from keras import initializers, ops

register = keras.saving.register_keras_serializable(package="correct_stateful")


@register
class RunningMean(keras.layers.Layer):
    """Subtracts a running mean, which training steps update; counts those steps."""

    def __init__(self, momentum=0.9, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.input_spec = keras.layers.InputSpec(min_ndim=2)
        self.scale_initializer = initializers.RandomUniform(0.5, 1.5)

    def build(self, input_shape):
        features = input_shape[-1]
        if features is None:
            raise ValueError("The size of the last axis must be known.")
        self.mean = self.add_weight(
            name="mean",
            shape=(features,),
            initializer="ones",
            trainable=False,
            aggregation="mean",
        )
        self.scale = self.add_weight(
            name="scale",
            shape=(features,),
            initializer=self.scale_initializer,
            trainable=False,
            aggregation="mean",
        )
        self.count = self.add_weight(
            name="count",
            shape=(),
            initializer="zeros",
            dtype="int32",
            trainable=False,
            aggregation="only_first_replica",
        )
        self.gain = self.add_weight(name="gain", shape=(features,), initializer="ones")
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: features})

    def new_mean(self, x):
        mean = ops.mean(x, axis=tuple(range(len(x.shape) - 1)))
        momentum = self.momentum
        return momentum * self.mean + (1 - momentum) * ops.cast(mean, self.mean.dtype)

    def call(self, x, training=None):
        if training:
            self.mean.assign(self.new_mean(x))
            self.scale.assign(0.5 * self.scale + 0.5)
            self.count.assign_add(1)
        cast = self.compute_dtype
        scale = ops.cast(self.scale, cast) * ops.cast(self.gain, cast)
        return (x - ops.cast(self.mean, cast)) * scale

    def reset_state(self):
        self.mean.assign(ops.ones(self.mean.shape))
        fresh = initializers.RandomUniform(0.5, 1.5)
        self.scale.assign(fresh(self.scale.shape, dtype=self.scale.dtype))
        self.count.assign(0)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum}


@register
class Carry(keras.layers.Layer):
    """Adds what it gave for the same sample before: one state per sample."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def build(self, input_shape):
        if None in input_shape:
            raise ValueError(
                f"{self.name} keeps a state per sample: give it a fixed batch size. "
                f"Received: {input_shape}"
            )
        self.carry = self.add_weight(
            name="carry",
            shape=input_shape,
            initializer="zeros",
            trainable=False,
            aggregation="mean",
        )
        self.input_spec = keras.layers.InputSpec(shape=tuple(input_shape))

    def refuse_replicas(self):
        if keras.backend.backend() != "tensorflow":
            return
        import tensorflow as tf

        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            raise ValueError(
                f"{self.name}'s state per sample runs on one replica only."
            )

    def call(self, x):
        self.refuse_replicas()
        y = x + 0.5 * ops.cast(self.carry, self.compute_dtype)
        self.carry.assign(ops.cast(y, self.carry.dtype))
        return y

    def reset_state(self):
        self.carry.assign(ops.zeros(self.carry.shape))

    def compute_output_shape(self, input_shape):
        return input_shape


@register
class Noise(Affine):
    """Noise in training."""

    def __init__(self, units, stddev=0.3, seed=None, **kwargs):
        super().__init__(units, **kwargs)
        self.stddev, self.seed = stddev, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def noise(self, y):
        drawn = keras.random.normal(
            ops.shape(y), dtype=self.compute_dtype, seed=self.seed_generator
        )
        return y + self.stddev * drawn

    def call(self, x, training=None):
        y = super().call(x)
        return self.noise(y) if training else y

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev, "seed": self.seed}


@register
class AlwaysNoise(Noise):
    """Noise at inference too."""

    def call(self, x, training=None):
        y = self.noise(Affine.call(self, x))
        return 2 * y if training else y


@register
class Penalty(Affine):
    """Adds the mean square of its output to the loss."""

    def call(self, x):
        y = super().call(x)
        self.add_loss(ops.mean(ops.square(y)))
        return y


@register
class EveryOther(keras.layers.Layer):
    """Every other time step, and its mask."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def call(self, x):
        return x[:, ::2]

    def compute_mask(self, inputs, mask=None):
        return None if mask is None else mask[:, ::2]

    def compute_output_shape(self, input_shape):
        batch, time, features = input_shape
        return (batch, None if time is None else (time + 1) // 2, features)


def mask_of(given, tensor):
    """A mask as Keras delivered it, or as the tensor carries it."""
    return getattr(tensor, "_keras_mask", None) if given is None else given


@register
class Meets(keras.layers.Layer):
    """The query plus the mean of the value's unmasked steps, and of an extra's."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def mean(self, x, mask):
        if mask is None:
            return ops.mean(x, axis=1, keepdims=True)
        weight = ops.cast(mask, x.dtype)[..., None]
        total = ops.sum(x * weight, axis=1, keepdims=True)
        return total / ops.sum(weight, axis=1, keepdims=True)

    def check(self, query, other):
        if len(other.shape) != 3 or other.shape[-1] != query.shape[-1]:
            raise ValueError(f"shapes do not fit: {query.shape} and {other.shape}")

    def call(
        self, query, value, extra=None, value_mask=None, extra_mask=None, *, factor=1.0
    ):
        self.check(query, value)
        y = query + factor * self.mean(value, mask_of(value_mask, value))
        if extra is not None:
            self.check(query, extra)
            y = y + self.mean(extra, mask_of(extra_mask, extra))
        return y

    def compute_mask(self, inputs, previous_mask=None):
        return previous_mask

    def compute_output_shape(self, query_shape, value_shape=None, extra_shape=None):
        return query_shape


@register
class Cell(keras.layers.Layer):
    """A recurrent cell of two states, one of which starts at one."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        if isinstance(units, bool) or not isinstance(units, int) or units < 1:
            raise ValueError(f"`units` must be a positive integer. Received: {units!r}")
        self.units = units
        self.state_size = [units, units + 1]
        self.output_size = units
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def build(self, input_shape):
        features = input_shape[-1]
        if features is None:
            raise ValueError("The size of the last axis must be known.")
        self.kernel = self.add_weight(name="kernel", shape=(features, self.units))
        self.recurrent = self.add_weight(
            name="recurrent", shape=(self.units, self.units)
        )
        self.spread = self.add_weight(name="spread", shape=(self.units, self.units + 1))
        self.input_spec = keras.layers.InputSpec(ndim=2, axes={-1: features})

    def call(self, inputs, states, training=None):
        h, c = states
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent))
        c = 0.5 * c + ops.matmul(h, self.spread)
        return h * c[:, :1], [h, c]

    def get_initial_state(self, batch_size=None):
        dtype = self.compute_dtype
        return [
            ops.zeros((batch_size, self.units), dtype),
            ops.ones((batch_size, self.units + 1), dtype),
        ]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def cell_step(x, h, c, kernel, recurrent, spread, **_):
    h = np.tanh(x @ kernel + h @ recurrent)
    c = 0.5 * c + h @ spread
    return h * c[:, :1], [h, c]
