"""Right layers as public projects write them, each of a kind that only looks wrong."""

import keras
from keras import layers, ops

register = keras.saving.register_keras_serializable(package="foreign_layers")


@register
class FillsGaps(layers.Layer):
    """Puts a trained value in the place of each NaN: other inputs never show it."""

    def build(self, input_shape):
        self.filling = self.add_weight(name="filling", shape=(input_shape[-1],))

    def call(self, x):
        return ops.where(ops.isnan(x), self.filling, x)


@register
class TwoKernels(layers.Layer):
    """Hands its initializer to the first of two layers, as its argument is documented."""

    def __init__(self, units, kernel_initializer="he_normal", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.dense = layers.Dense(
            units, kernel_initializer=self.kernel_initializer, dtype=self.dtype_policy
        )
        self.gate = layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.dense.build(input_shape)
        self.gate.build(input_shape)

    def call(self, x):
        return self.dense(x) * ops.sigmoid(self.gate(x))

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


@register
class Doubles(layers.Layer):
    """Makes images twice as large, which TensorFlow does in float32 alone."""

    def call(self, x):
        return ops.image.resize(x, (2 * x.shape[1], 2 * x.shape[2]))


@register
class CountsCalls(layers.RNN):
    """Counts its calls in training beside what it has of Keras, `reset_state` with it."""

    def build(self, sequences_shape):
        super().build(sequences_shape)
        self.calls = self.add_weight(
            name="calls", shape=(), dtype="int32", initializer="zeros", trainable=False
        )

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if training:
            self.calls.assign_add(1)
        return super().call(sequences, initial_state, mask, training)


@register
class Span:
    """An object that is an argument, with a tuple in its own config."""

    def __init__(self, ends=(0, 2)):
        self.ends = tuple(ends)

    def get_config(self):
        return {"ends": self.ends}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@register
class KeepsATuple(layers.Layer):
    """A file brings a list back for its tuple, which does as well."""

    def __init__(self, shape=(1, 1), **kwargs):
        super().__init__(**kwargs)
        self.shape = shape

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=self.shape, initializer="ones")

    def call(self, x):
        return x * self.scale

    def get_config(self):
        return {**super().get_config(), "shape": self.shape}


@register
class Places(layers.Layer):
    """What is learned of each of a few steps, whatever they hold."""

    def __init__(self, most=8, **kwargs):
        super().__init__(**kwargs)
        self.most = most

    def build(self, input_shape):
        self.table = self.add_weight(name="table", shape=(self.most, input_shape[-1]))

    def call(self, x):
        table = ops.convert_to_tensor(self.table)[: x.shape[-2]]
        return ops.broadcast_to(table, ops.shape(x))

    def get_config(self):
        return {**super().get_config(), "most": self.most}


@register
class OpensSlowly(layers.Layer):
    """What it drops does not show before its gate has opened."""

    def __init__(self, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.drop = layers.Dropout(rate, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.gate = self.add_weight(name="gate", shape=(), initializer="zeros")

    def call(self, x, training=False):
        return x + self.gate * self.drop(x, training=training)

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


@register
class AddsOfItsWidth(layers.Layer):
    """It is for inputs as wide as an argument says; a single feature would be spread."""

    def __init__(self, width=12, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.inner = layers.Dense(width, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.inner.build(input_shape)

    def call(self, x):
        return x + self.inner(x)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "width": self.width}


@register
class MixesPairs(layers.Layer):
    """Its mask is one of pairs, as `keras.layers.Masking` makes it of four axes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, x, mask=None):
        kept = x if mask is None else x * ops.cast(mask, x.dtype)[..., None]
        rows, columns = ops.transpose(kept, (0, 3, 1, 2)), ops.transpose(
            x, (0, 3, 2, 1)
        )
        if mask is not None:
            columns = (
                columns * ops.cast(ops.transpose(mask, (0, 2, 1)), x.dtype)[:, None]
            )
        return ops.transpose(ops.matmul(rows, columns), (0, 2, 3, 1))


@register
class KeepsASpan(layers.Layer):
    """Keeps a part of the features, which an object tells."""

    def __init__(self, span=None, **kwargs):
        super().__init__(**kwargs)
        self.span = span or Span()

    def call(self, x):
        start, stop = self.span.ends
        return x[..., start:stop]

    def get_config(self):
        return {
            **super().get_config(),
            "span": keras.saving.serialize_keras_object(self.span),
        }

    @classmethod
    def from_config(cls, config):
        span = keras.saving.deserialize_keras_object(config.pop("span"))
        return cls(span=span, **config)


@register
class Propagates(layers.Layer):
    """Takes a list of features and the matrix that joins their steps."""

    def build(self, input_shape):
        features, _ = input_shape
        self.kernel = self.add_weight(name="kernel", shape=(features[-1], 4))

    def call(self, inputs):
        x, adjacency = inputs
        return ops.matmul(adjacency, ops.matmul(x, self.kernel))


@register
class ToFloat32(layers.Layer):
    """Casts to float32, which is all that it is for."""

    def call(self, x):
        return ops.cast(x, "float32")


@register
class Initializes(layers.Layer):
    """Takes its initializer by name alone, and leaves its config to Keras."""

    def __init__(self, kernel_initializer="he_normal", **kwargs):
        super().__init__(**kwargs)
        self.kernel_initializer = kernel_initializer

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], 4),
            initializer=self.kernel_initializer,
        )

    def call(self, x):
        return ops.matmul(x, self.kernel)


@register
class OfImagesInTraining(layers.Layer):
    """Looks at the rank of its input in training alone."""

    def call(self, x, training=False):
        if training and len(x.shape) != 4:
            raise ValueError("images have four axes")
        return 2.0 * x


@register
class Doubled(layers.Embedding):
    """Leaves out of its config what `Embedding` does, its `weights`."""

    def __init__(self, input_dim, output_dim, weights=None, **kwargs):
        super().__init__(input_dim, output_dim, weights=weights, **kwargs)

    def call(self, inputs):
        return 2.0 * super().call(inputs)


@register
class AsManyAs(layers.Layer):
    """Repeats a mean as often as another input has samples, whatever they are."""

    def call(self, inputs):
        reference, x = inputs
        return ops.zeros_like(reference[:, :1]) + ops.mean(x)


RIGHT = [
    (MixesPairs, {}),
    (OpensSlowly, {}),
    (AddsOfItsWidth, {}),
    (KeepsATuple, {}),
    (Places, {}),
    (FillsGaps, {}),
    (TwoKernels, {"units": 4}),
    (Doubles, {}),
    (CountsCalls, {"cell": layers.SimpleRNNCell(4)}),
    (KeepsASpan, {}),
    (Propagates, {}),
    (ToFloat32, {}),
    (Initializes, {}),
    (OfImagesInTraining, {}),
    (Doubled, {"input_dim": 8, "output_dim": 4}),
]


@register
class ShiftsScores(layers.Layer):
    """Adds a trained number to all scores of a softmax, which changes nothing."""

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1],))
        self.shift = self.add_weight(name="shift", shape=())

    def call(self, x):
        scores = ops.matmul(x, self.kernel[:, None]) + self.shift
        return ops.sum(ops.softmax(scores, axis=1) * x, axis=1)


@register
class WithoutShift(ShiftsScores):
    """Adds nothing."""

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1],))
        self.shift = 0.0


class Places(layers.Layer):
    """Adds an embedding to its steps."""

    def build(self, input_shape):
        self.places.build((None,))

    def call(self, x):
        return x + self.places(ops.arange(ops.shape(x)[1]))


@register
class AddsPlaces(Places):
    """Adds one of float32, whatever the policy."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.places = layers.Embedding(16, 8)


@register
class AddsPlacesOfThePolicy(Places):
    """Adds one of the policy."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.places = layers.Embedding(16, 8, dtype=self.dtype_policy)


@register
class Filters(layers.Layer):
    """Goes through a Fourier transform, of which there is none in float16."""

    def call(self, x):
        real, imaginary = ops.rfft(x)
        return ops.irfft((real, ops.zeros_like(imaginary)))


@register
class FiltersInFloat32(Filters):
    """Casts for it, and back."""

    def call(self, x):
        wide = x if self.compute_dtype == "float64" else ops.cast(x, "float32")
        return ops.cast(super().call(wide), self.compute_dtype)


@register
class ShapeTold(layers.Layer):
    """Tells its shape, so that nothing calls what `build` leaves unbuilt."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4, dtype=self.dtype_policy, name="inner")

    def call(self, x):
        return self.dense(x)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 4)


@register
class ShapeToldAndBuilt(ShapeTold):
    """Builds it."""

    def build(self, input_shape):
        self.dense.build(input_shape)


@register
class Marks(layers.Layer):
    """Means something else by the name that Keras gives the mask of `query`."""

    def call(self, query, query_mask=None):
        if query_mask is not None:
            query = query * query_mask[:, 0, :, None]
        return query


@register
class MarksByAnotherName(layers.Layer):
    """Takes it under a name of its own."""

    def call(self, query, pattern=None):
        return query if pattern is None else query * pattern[:, 0, :, None]


class Memory(layers.Layer):
    """A part of a layer that keeps a tensor which its `build` has made."""

    def build(self, input_shape):
        self.ramp = ops.arange(input_shape[-1], dtype=self.compute_dtype)

    def call(self, x):
        return x * self.ramp


@register
class HoldsMemory(layers.Layer):
    """Holds such a part."""

    part = Memory

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.memory = self.part(dtype=self.dtype_policy)

    def build(self, input_shape):
        self.memory.build(input_shape)

    def call(self, x):
        return self.memory(x)


class Ramp(Memory):
    """A part that makes it anew in each call."""

    def build(self, input_shape):
        self.size = input_shape[-1]

    def call(self, x):
        return x * ops.arange(self.size, dtype=x.dtype)


@register
class HoldsARamp(HoldsMemory):
    """Holds that one."""

    part = Ramp


@register
class CountsByHistogram(layers.Layer):
    """Counts values by an operation of which XLA has no kernel."""

    def call(self, x):
        import tensorflow as tf

        counts = tf.histogram_fixed_width(ops.cast(x, "float32"), (-1.0, 1.0), 4)
        return x * ops.cast(ops.sum(counts) > 0, x.dtype)


@register
class NotCompiled(CountsByHistogram):
    """Says so."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = False


@register
class ForgetsItsRate(layers.Layer):
    """Returns from its config what it has not kept."""

    def __init__(self, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self._keep(rate)

    def _keep(self, rate):
        self._rate = rate

    def call(self, x):
        return self._rate * x

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


@register
class KeepsItsRate(ForgetsItsRate):
    """Keeps it."""

    def _keep(self, rate):
        self.rate = self._rate = rate


@register
class ReturnsNoConfig(KeepsItsRate):
    """Fills a config, and does not return it."""

    def get_config(self):
        config = super().get_config()
        config.update(rate=self._rate)


@register
class NeedsATuple(layers.Layer):
    """Folds the features, by a tuple that a file brings back as a list."""

    def __init__(self, fold=(2, 4), **kwargs):
        super().__init__(**kwargs)
        self.fold = fold

    def call(self, x):
        return ops.reshape(x, (-1, x.shape[1]) + self.fold)

    def get_config(self):
        return {**super().get_config(), "fold": self.fold}


@register
class MakesATuple(NeedsATuple):
    """Makes it one."""

    def __init__(self, fold=(2, 4), **kwargs):
        super().__init__(tuple(fold), **kwargs)


# A broken layer and a mended one, the check that tells, and what it has and has not to say.
WRONG = [
    (
        *(ShiftsScores, WithoutShift, "everything_gets_a_gradient"),
        *("Leave it out", "has no gradient"),
    ),
    (
        *(AddsPlaces, AddsPlacesOfThePolicy, "outputs_have_compute_dtype"),
        *("`layers.Embedding` (line", "`ops.arange`"),
    ),
    (
        *(Filters, FiltersInFloat32, "outputs_have_compute_dtype"),
        *("Cast to float32 for `RFFT`", "Correct `build`"),
    ),
    (
        *(ShapeTold, ShapeToldAndBuilt, "keras_file_round_trip"),
        *("Build the sublayer `inner`", "In most cases"),
    ),
    (
        *(Marks, MarksByAnotherName, "masks_are_delivered"),
        *("of another meaning", "Correct `build`"),
    ),
    (
        *(CountsByHistogram, NotCompiled, "xla_agrees_with_eager"),
        *("self.supports_jit = False", "Avoid operations"),
    ),
    (
        *(ForgetsItsRate, KeepsItsRate, "config_has_every_argument"),
        *("Keep it in the constructor: `self.rate = rate`", "Return it from"),
    ),
    (
        *(ReturnsNoConfig, KeepsItsRate, "config_has_every_argument"),
        *("Let it return the config", "is not iterable"),
    ),
    (
        *(NeedsATuple, MakesATuple, "keras_file_round_trip"),
        *("by `tuple(...)`", "Return plain numbers"),
    ),
    (
        *(HoldsMemory, HoldsARamp, "no_tensor_is_kept"),
        *("self.ramp is a tensor", "out of scope"),
    ),
]
