"""Right layers as people write them by hand: of integers, lists, states and seeds."""

import keras
import numpy as np
from keras import ops

register = keras.saving.register_keras_serializable(package="hand_written_too")


@register
class TokenAndPosition(keras.layers.Layer):
    def __init__(self, vocab_size, max_len, dim, **kwargs):
        super().__init__(**kwargs)
        self.vocab_size = vocab_size
        self.max_len = max_len
        self.dim = dim
        self.token = keras.layers.Embedding(
            vocab_size, dim, mask_zero=True, dtype=self.dtype_policy, name="token"
        )

    def build(self, input_shape):
        self.token.build(input_shape)
        self.position = self.add_weight(
            name="position", shape=(self.max_len, self.dim), initializer="uniform"
        )

    def call(self, tokens):
        n = ops.shape(tokens)[1]
        return self.token(tokens) + ops.cast(self.position, self.compute_dtype)[:n]

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.dim)

    def get_config(self):
        return {
            **super().get_config(),
            "vocab_size": self.vocab_size,
            "max_len": self.max_len,
            "dim": self.dim,
        }


@register
class OneHot(keras.layers.Layer):
    def __init__(self, depth, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth

    def call(self, ids):
        return ops.one_hot(ops.cast(ids, "int32"), self.depth, dtype=self.compute_dtype)

    def get_config(self):
        return {**super().get_config(), "depth": self.depth}


@register
class GaussianHead(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], 2 * self.units)
        )
        self.bias = self.add_weight(
            name="bias", shape=(2 * self.units,), initializer="zeros"
        )

    def call(self, inputs):
        y = ops.matmul(inputs, self.kernel) + self.bias
        mean, raw = ops.split(y, 2, axis=-1)
        return {"mean": mean, "scale": ops.softplus(raw)}

    def compute_output_shape(self, input_shape):
        shape = (*input_shape[:-1], self.units)
        return {"mean": shape, "scale": shape}

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class TopScore(keras.layers.Layer):
    """Tuple: scores and argmax."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = keras.layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        s = self.dense(inputs)
        return s, ops.argmax(s, axis=-1)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class RunningNorm(keras.layers.Layer):
    def __init__(self, momentum=0.9, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum
        self.epsilon = epsilon

    def build(self, input_shape):
        dim = input_shape[-1]
        self.scale = self.add_weight(name="scale", shape=(dim,), initializer="ones")
        self.mean = self.add_weight(
            name="mean", shape=(dim,), initializer="zeros", trainable=False
        )
        self.var = self.add_weight(
            name="var", shape=(dim,), initializer="ones", trainable=False
        )

    def call(self, inputs, training=False):
        x = (
            ops.cast(inputs, "float32")
            if self.compute_dtype in ("float16", "bfloat16")
            else inputs
        )
        axes = list(range(len(inputs.shape) - 1))
        if training:
            mean, var = ops.mean(x, axes), ops.var(x, axes)
            m = self.momentum
            self.mean.assign(m * self.mean + (1 - m) * ops.cast(mean, self.mean.dtype))
            self.var.assign(m * self.var + (1 - m) * ops.cast(var, self.var.dtype))
        else:
            mean, var = ops.cast(self.mean, x.dtype), ops.cast(self.var, x.dtype)
        y = (x - mean) * ops.rsqrt(var + self.epsilon)
        return ops.cast(y, self.compute_dtype) * ops.cast(
            self.scale, self.compute_dtype
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "epsilon": self.epsilon,
        }


@register
class StepCounter(keras.layers.Layer):
    """Scales by a warm-up that counts training steps."""

    def __init__(self, steps=100, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps

    def build(self, input_shape):
        self.count = self.add_weight(
            name="count", shape=(), initializer="zeros", dtype="int32", trainable=False
        )

    def call(self, inputs, training=None):
        scale = ops.minimum(ops.cast(self.count, self.compute_dtype) / self.steps, 1.0)
        if training:
            self.count.assign_add(1)
        return inputs * ops.cast(scale, inputs.dtype)

    def get_config(self):
        return {**super().get_config(), "steps": self.steps}


@register
class PairDistance(keras.layers.Layer):
    """List-style inputs: call([a, b])."""

    def __init__(self, eps=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.eps = eps

    def call(self, inputs):
        a, b = inputs
        return ops.sqrt(ops.sum(ops.square(a - b), axis=-1, keepdims=True) + self.eps)

    def get_config(self):
        return {**super().get_config(), "eps": self.eps}


@register
class SeededInit(keras.layers.Layer):
    """`seed` seeds only the initializer."""

    def __init__(self, units, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.seed = seed
        self.input_spec = keras.layers.InputSpec(min_ndim=2)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.units),
            initializer=keras.initializers.GlorotUniform(seed=self.seed),
        )

    def call(self, inputs):
        return ops.matmul(inputs, self.kernel)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "seed": self.seed}


@register
class OwnDtype(keras.layers.Layer):
    """A trainable weight kept in float32 on purpose."""

    def build(self, input_shape):
        self.scale = self.add_weight(
            name="scale", shape=(), initializer="ones", dtype="float32", autocast=False
        )

    def call(self, inputs):
        return inputs * ops.cast(self.scale, inputs.dtype)


@register
class FixedPositional(keras.layers.Layer):
    """Sinusoidal encoding computed in build as numpy and kept."""

    def build(self, input_shape):
        t, d = input_shape[1], input_shape[2]
        pos = np.arange(t)[:, None] / 10000 ** (np.arange(d)[None] / d)
        self.table = np.sin(pos).astype("float32")

    def call(self, inputs):
        return inputs + ops.cast(self.table, inputs.dtype)
