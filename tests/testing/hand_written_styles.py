"""Right layers in styles in which people write them, that look like a fault to somebody."""

import keras
from keras import ops

register = keras.saving.register_keras_serializable(package="hand_written_styles")


@register
class Spectrum(keras.layers.Layer):
    """Passes through float32, for `ops.fft2` has no form in float64."""

    def build(self, input_shape):
        self.scale = self.add_weight(
            name="scale", shape=(input_shape[-1],), initializer="ones"
        )

    def call(self, inputs):
        real = ops.cast(inputs, "float32")
        spectrum, _ = ops.fft2((real, ops.zeros_like(real)))
        return self.scale * ops.cast(spectrum, inputs.dtype)


@register
class UpcastNorm(keras.layers.Layer):
    """Computes its mean square in float32, and adds what comes in as it is."""

    def call(self, inputs):
        wide = ops.cast(inputs, "float32")
        square = ops.mean(ops.square(wide), axis=-1, keepdims=True)
        return inputs + ops.cast(wide * ops.rsqrt(square + 1e-6), inputs.dtype)


@register
class Unnamed(keras.layers.Layer):
    """Its weights have no names: Keras counts `variable_7` through the process."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units))
        self.b = self.add_weight(shape=(self.units,), initializer="zeros")

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class NamedAfterItself(keras.layers.Layer):
    """A weight and a sublayer whose names hold the layer's own."""

    def build(self, input_shape):
        self.w = self.add_weight(
            name=f"{self.name}_w", shape=(input_shape[-1],), initializer="ones"
        )
        self.inner = keras.layers.Dense(
            4, name=f"{self.name}_inner", dtype=self.dtype_policy
        )
        self.inner.build(input_shape)

    def call(self, inputs):
        return self.inner(inputs * self.w)


@register
class Counting(keras.layers.Layer):
    """A state whose name holds the layer's own."""

    def build(self, input_shape):
        self.n = self.add_weight(
            name=f"{self.name}_count", shape=(), initializer="zeros", trainable=False
        )

    def call(self, inputs, training=False):
        if training:
            self.n.assign_add(1.0)
        return inputs * 2.0


@register
class BothWays(keras.layers.Layer):
    """`Bidirectional` names its halves `forward_gru_7`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.rnn = keras.layers.Bidirectional(
            keras.layers.GRU(3, dtype=self.dtype_policy), dtype=self.dtype_policy
        )

    def build(self, input_shape):
        self.rnn.build(input_shape)

    def call(self, inputs):
        return self.rnn(inputs)


@register
class AroundALayer(keras.layers.Layer):
    """What its `kernel_initializer` is for is its own; and it has no bias by default."""

    def __init__(
        self,
        inner,
        kernel_initializer="glorot_uniform",
        use_bias=False,
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.inner = inner
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], 4),
            initializer=self.kernel_initializer,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(4,), initializer=self.bias_initializer
            )
        if not self.inner.built:
            self.inner.build((*input_shape[:-1], 4))

    def call(self, inputs):
        outputs = ops.matmul(inputs, self.kernel)
        return self.inner(outputs + self.bias if self.use_bias else outputs)

    def get_config(self):
        return {
            **super().get_config(),
            "inner": keras.saving.serialize_keras_object(self.inner),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "use_bias": self.use_bias,
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
        }

    @classmethod
    def from_config(cls, config):
        inner = keras.saving.deserialize_keras_object(config["inner"])
        return cls(**{**config, "inner": inner})


@register
class OpenBatch(keras.layers.Layer):
    """Its `compute_output_shape` claims to know less than it could."""

    def call(self, inputs):
        return ops.sum(inputs, axis=-1, keepdims=True)

    def compute_output_shape(self, input_shape):
        return (None, 1)


@register
class InnerInConfig(keras.layers.Layer):
    """Layers in its config, whose automatic names count up."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.inner = [keras.layers.Dense(units, dtype=self.dtype_policy)]

    def build(self, input_shape):
        self.inner[0].build(input_shape)

    def call(self, inputs):
        return self.inner[0](inputs)

    def get_config(self):
        inner = [keras.saving.serialize_keras_object(one) for one in self.inner]
        return {**super().get_config(), "units": self.units, "inner": inner}

    @classmethod
    def from_config(cls, config):
        return cls(**{key: value for key, value in config.items() if key != "inner"})


@register
class AnyOrder(keras.layers.Layer):
    """The three largest, in whatever order they are found."""

    def call(self, inputs):
        return ops.top_k(inputs, 3, sorted=False)[0]


@register
class PositionsAlone(keras.layers.Layer):
    """Its output rests on the input's shape alone."""

    def build(self, input_shape):
        self.table = self.add_weight(name="table", shape=input_shape[1:])

    def call(self, inputs):
        table = ops.convert_to_tensor(self.table)[None]
        return ops.broadcast_to(table, ops.shape(inputs))


@register
class TupleWithNone(keras.layers.Layer):
    """A part of what it returns is None."""

    def call(self, inputs):
        return inputs * 2.0, None


@register
class Block(keras.layers.Layer):
    """Sublayers in the constructor, and no `build`: Keras builds them by a call."""

    def __init__(self, units=8, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.first = keras.layers.Dense(units, dtype=self.dtype_policy)
        self.second = keras.layers.Dense(1, dtype=self.dtype_policy)

    def call(self, x):
        return self.second(ops.relu(self.first(x)))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class Either(keras.layers.Layer):
    """One of its two sublayers is never called, nor built."""

    def __init__(self, linear=True, **kwargs):
        super().__init__(**kwargs)
        self.linear = linear
        self.plain = keras.layers.Dense(4, dtype=self.dtype_policy)
        self.bent = keras.layers.Dense(4, activation="tanh", dtype=self.dtype_policy)

    def build(self, input_shape):
        (self.plain if self.linear else self.bent).build(input_shape)

    def call(self, x):
        return self.plain(x) if self.linear else self.bent(x)

    def get_config(self):
        return {**super().get_config(), "linear": self.linear}


@register
class Reparametrize(keras.layers.Layer):
    """Draws at inference too, from what comes in."""

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, x):
        mean, log_variance = ops.split(x, 2, axis=-1)
        epsilon = keras.random.normal(
            ops.shape(mean), dtype=mean.dtype, seed=self.seed_generator
        )
        return mean + ops.exp(0.5 * log_variance) * epsilon

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


@register
class BareState(keras.layers.Layer):
    """A cell that returns its one state as it is, in no list."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        return ops.ones((batch_size, self.units), dtype=self.compute_dtype)

    def call(self, x, states):
        h = 0.9 * states[0] + ops.matmul(x, self.kernel)
        return h, h

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class WithScores(keras.layers.Layer):
    """Attention over the steps that are not masked, and its scores, heads first."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        features = input_shape[-1]
        self.query = self.add_weight(name="query", shape=(2, features, features))

    def call(self, x, allowed, x_mask=None):
        queries = ops.einsum("btf,hfg->bhtg", x, self.query)
        scores = ops.einsum("bhtg,bsg->bhts", queries, x)
        scores = ops.where(allowed[:, None], scores, -1e4)
        if x_mask is not None:
            scores = ops.where(x_mask[:, None, None], scores, -1e4)
        scores = ops.softmax(scores, axis=-1)
        return ops.mean(ops.einsum("bhts,bsf->bhtf", scores, x), axis=1), scores

    def compute_mask(self, x, allowed=None, mask=None):
        return None


@register
class Quantize(keras.layers.Layer):
    """Rounds, with the gradient straight through."""

    def build(self, input_shape):
        self.scale = self.add_weight(
            name="scale", shape=(input_shape[-1],), initializer="ones"
        )

    def call(self, x):
        y = x * self.scale
        return y + ops.stop_gradient(ops.round(y) - y)
