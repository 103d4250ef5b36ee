"""The reports that were drawn later: 30 to 39 of the list, each with its mend."""

import keras
import tensorflow as tf
from keras import ops

registered = keras.saving.register_keras_serializable(package="reported")


@registered
class Stacked(keras.layers.Layer):
    """30: a list of layers under a name of Keras' own."""

    def __init__(self, sizes=(4, 3), **kwargs):
        super().__init__(**kwargs)
        self.sizes = list(sizes)
        self._layers = [
            keras.layers.Dense(size, dtype=self.dtype_policy) for size in self.sizes
        ]

    def build(self, input_shape):
        for dense in self._layers:
            dense.build(input_shape)
            input_shape = (*input_shape[:-1], dense.units)

    def call(self, inputs):
        for dense in self._layers:
            inputs = dense(inputs)
        return inputs

    def get_config(self):
        return {**super().get_config(), "sizes": self.sizes}


@registered
class StackedMended(keras.layers.Layer):
    def __init__(self, sizes=(4, 3), **kwargs):
        super().__init__(**kwargs)
        self.sizes = list(sizes)
        self.denses = [
            keras.layers.Dense(size, dtype=self.dtype_policy) for size in self.sizes
        ]

    def build(self, input_shape):
        for dense in self.denses:
            dense.build(input_shape)
            input_shape = (*input_shape[:-1], dense.units)

    def call(self, inputs):
        for dense in self.denses:
            inputs = dense(inputs)
        return inputs

    def get_config(self):
        return {**super().get_config(), "sizes": self.sizes}


@registered
class LayerScale(keras.layers.Layer):
    """31: the scale is a raw variable, which no policy casts."""

    def __init__(self, initial=0.5, **kwargs):
        super().__init__(**kwargs)
        self.initial = initial

    def build(self, input_shape):
        self.gamma = tf.Variable(self.initial * tf.ones((input_shape[-1],)))

    def call(self, inputs):
        return inputs * self.gamma

    def get_config(self):
        return {**super().get_config(), "initial": self.initial}


@registered
class LayerScaleMended(keras.layers.Layer):
    def __init__(self, initial=0.5, **kwargs):
        super().__init__(**kwargs)
        self.initial = initial

    def build(self, input_shape):
        self.gamma = self.add_weight(
            name="gamma",
            shape=(input_shape[-1],),
            initializer=keras.initializers.Constant(self.initial),
        )

    def call(self, inputs):
        return inputs * self.gamma

    def get_config(self):
        return {**super().get_config(), "initial": self.initial}


@registered
class CausalAttention(keras.layers.Layer):
    """32: the mask of the future is of float32, whatever the scores are of."""

    def build(self, input_shape):
        size = input_shape[-1]
        self.query = self.add_weight(name="query", shape=(size, size))

    def call(self, inputs):
        scores = ops.matmul(
            ops.matmul(inputs, self.query), ops.transpose(inputs, (0, 2, 1))
        )
        steps = ops.shape(inputs)[1]
        future = 1.0 - ops.tril(ops.ones((steps, steps), dtype="float32"))
        return ops.matmul(ops.softmax(scores + future * -1e4), inputs)


@registered
class CausalAttentionMended(keras.layers.Layer):
    def build(self, input_shape):
        size = input_shape[-1]
        self.query = self.add_weight(name="query", shape=(size, size))

    def call(self, inputs):
        scores = ops.matmul(
            ops.matmul(inputs, self.query), ops.transpose(inputs, (0, 2, 1))
        )
        steps = ops.shape(inputs)[1]
        future = 1.0 - ops.tril(ops.ones((steps, steps), dtype=inputs.dtype))
        return ops.matmul(ops.softmax(scores + future * -1e4), inputs)


@registered
class NoiseAtTimes(keras.layers.Layer):
    """33: draws inside a branch of the graph."""

    def __init__(self, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed_generator = keras.random.SeedGenerator(7)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        drawn = keras.random.uniform((), seed=self.seed_generator)
        return ops.cond(
            drawn < self.rate,
            lambda: inputs
            + keras.random.normal(
                ops.shape(inputs), dtype=inputs.dtype, seed=self.seed_generator
            ),
            lambda: inputs,
        )

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


@registered
class NoiseAtTimesMended(keras.layers.Layer):
    def __init__(self, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed_generator = keras.random.SeedGenerator(7)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        drawn = keras.random.uniform((), seed=self.seed_generator)
        noise = keras.random.normal(
            ops.shape(inputs), dtype=inputs.dtype, seed=self.seed_generator
        )
        return ops.where(drawn < self.rate, inputs + noise, inputs)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


@registered
class GroupScale(keras.layers.Layer):
    """34: asks a shape for its rank as if it were a tensor."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape):
        shape = [1] * input_shape.shape.rank
        shape[self.axis] = input_shape[self.axis]
        self.scale = self.add_weight(name="scale", shape=shape[1:])

    def call(self, inputs):
        return inputs * self.scale

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


@registered
class GroupScaleMended(keras.layers.Layer):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape):
        shape = [1] * len(input_shape)
        shape[self.axis] = input_shape[self.axis]
        self.scale = self.add_weight(name="scale", shape=shape[1:])

    def call(self, inputs):
        return inputs * self.scale

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


@registered
class LastStep(keras.layers.Layer):
    """35: asks the base of `Layer`, and not its own, for its constructor."""

    def __init__(self, **kwargs):
        super(keras.layers.Layer, self).__init__(**kwargs)

    def call(self, inputs):
        return inputs[:, -1]


@registered
class LastStepMended(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        return inputs[:, -1]


@registered
class WordVectors(keras.layers.Layer):
    """36: written for Keras 1."""

    def __init__(self, output_dim=4, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim

    def build(self, input_shape):
        self.vectors = self.add_weight(
            name="vectors", shape=(input_shape[-1], self.output_dim)
        )
        self.trainable_weights = [self.vectors]

    def call(self, inputs):
        return ops.matmul(inputs, self.vectors)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], self.output_dim)

    def get_config(self):
        return {**super().get_config(), "output_dim": self.output_dim}


@registered
class WordVectorsMended(keras.layers.Layer):
    def __init__(self, output_dim=4, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dim

    def build(self, input_shape):
        self.vectors = self.add_weight(
            name="vectors", shape=(input_shape[-1], self.output_dim)
        )

    def call(self, inputs):
        return ops.matmul(inputs, self.vectors)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.output_dim)

    def get_config(self):
        return {**super().get_config(), "output_dim": self.output_dim}


@registered
class FilterBank(keras.layers.Layer):
    """37: takes `trainable_filters`, and trains them whatever it says."""

    def __init__(self, bands=4, trainable_filters=True, **kwargs):
        super().__init__(**kwargs)
        self.bands, self.trainable_filters = bands, trainable_filters

    def build(self, input_shape):
        self.filters = self.add_weight(
            name="filters", shape=(input_shape[-1], self.bands)
        )

    def call(self, inputs):
        return ops.matmul(inputs, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "bands": self.bands,
            "trainable_filters": self.trainable_filters,
        }


@registered
class FilterBankMended(keras.layers.Layer):
    def __init__(self, bands=4, trainable_filters=True, **kwargs):
        super().__init__(**kwargs)
        self.bands, self.trainable_filters = bands, trainable_filters

    def build(self, input_shape):
        self.filters = self.add_weight(
            name="filters",
            shape=(input_shape[-1], self.bands),
            trainable=self.trainable_filters,
        )

    def call(self, inputs):
        return ops.matmul(inputs, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "bands": self.bands,
            "trainable_filters": self.trainable_filters,
        }


@registered
class Gather(keras.layers.Layer):
    """38: says another shape than it gives."""

    def call(self, inputs):
        return ops.concatenate([inputs, ops.tanh(inputs)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


@registered
class GatherMended(keras.layers.Layer):
    def call(self, inputs):
        return ops.concatenate([inputs, ops.tanh(inputs)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 2 * input_shape[-1])


@registered
class ConvBlock(keras.layers.Layer):
    """39: the config leaves out what has a default."""

    def __init__(self, filters=4, num_layers=1, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.num_layers = filters, num_layers
        self.convs = [
            keras.layers.Conv1D(filters, 2, padding="same", dtype=self.dtype_policy)
            for _ in range(num_layers)
        ]

    def build(self, input_shape):
        for conv in self.convs:
            conv.build(input_shape)
            input_shape = (*input_shape[:-1], self.filters)

    def call(self, inputs):
        for conv in self.convs:
            inputs = conv(inputs)
        return inputs

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}


@registered
class ConvBlockMended(keras.layers.Layer):
    def __init__(self, filters=4, num_layers=1, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.num_layers = filters, num_layers
        self.convs = [
            keras.layers.Conv1D(filters, 2, padding="same", dtype=self.dtype_policy)
            for _ in range(num_layers)
        ]

    def build(self, input_shape):
        for conv in self.convs:
            conv.build(input_shape)
            input_shape = (*input_shape[:-1], self.filters)

    def call(self, inputs):
        for conv in self.convs:
            inputs = conv(inputs)
        return inputs

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "num_layers": self.num_layers,
        }
