"""Right layers as people write them by hand: of weights and sublayers."""

import keras
from keras import ops

register = keras.saving.register_keras_serializable(package="hand_written")


@register
class SelfAttention(keras.layers.Layer):
    """Pre-norm multi-head self-attention with a residual."""

    def __init__(
        self,
        num_heads,
        key_dim,
        use_bias=True,
        epsilon=1e-6,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.key_dim = key_dim
        self.use_bias = use_bias
        self.epsilon = epsilon
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True

    def build(self, input_shape):
        dim = input_shape[-1]
        inner = self.num_heads * self.key_dim
        self.norm = keras.layers.LayerNormalization(
            epsilon=self.epsilon, dtype=self.dtype_policy, name="norm"
        )
        self.norm.build(input_shape)
        self.qkv_kernel = self.add_weight(
            name="qkv_kernel",
            shape=(dim, 3 * inner),
            initializer=self.kernel_initializer,
        )
        self.out_kernel = self.add_weight(
            name="out_kernel", shape=(inner, dim), initializer=self.kernel_initializer
        )
        if self.use_bias:
            self.out_bias = self.add_weight(
                name="out_bias", shape=(dim,), initializer="zeros"
            )

    def call(self, x, mask=None):
        b, t = ops.shape(x)[0], ops.shape(x)[1]
        h = self.norm(x)
        qkv = ops.matmul(h, self.qkv_kernel)
        qkv = ops.reshape(qkv, (b, t, 3, self.num_heads, self.key_dim))
        q, k, v = qkv[:, :, 0], qkv[:, :, 1], qkv[:, :, 2]
        scores = ops.einsum("bqhd,bkhd->bhqk", q, k) / ops.sqrt(
            ops.cast(self.key_dim, x.dtype)
        )
        if mask is not None:
            big = ops.cast(
                -1e4 if self.compute_dtype == "float16" else -1e9, scores.dtype
            )
            scores = ops.where(mask[:, None, None, :], scores, big)
        p = ops.softmax(scores, axis=-1)
        o = ops.einsum("bhqk,bkhd->bqhd", p, v)
        o = ops.reshape(o, (b, t, self.num_heads * self.key_dim))
        o = ops.matmul(o, self.out_kernel)
        if self.use_bias:
            o = o + self.out_bias
        return x + o

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super().get_config()
        config.update(
            {
                "num_heads": self.num_heads,
                "key_dim": self.key_dim,
                "use_bias": self.use_bias,
                "epsilon": self.epsilon,
                "kernel_initializer": keras.initializers.serialize(
                    self.kernel_initializer
                ),
            }
        )
        return config


@register
class ConvBN(keras.layers.Layer):
    def __init__(self, filters, kernel_size=3, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.conv = keras.layers.Conv2D(
            filters, kernel_size, padding="same", dtype=self.dtype_policy
        )
        self.bn = keras.layers.BatchNormalization(dtype=self.dtype_policy)

    def build(self, input_shape):
        self.conv.build(input_shape)
        self.bn.build((*input_shape[:-1], self.filters))

    def call(self, inputs, training=None):
        return ops.relu(self.bn(self.conv(inputs), training=training))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
        }


@register
class MLP(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.d1 = keras.layers.Dense(units, activation="relu", dtype=self.dtype_policy)
        self.d2 = keras.layers.Dense(units, dtype=self.dtype_policy)

    def build(self, s):
        self.d1.build(s)
        self.d2.build((*s[:-1], self.units))

    def call(self, x):
        return self.d2(self.d1(x))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class FeedForward(keras.layers.Layer):
    def __init__(self, units, rate=0.3, activation="gelu", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.inner = keras.layers.Dense(
            self.units,
            activation=self.activation,
            dtype=self.dtype_policy,
            name="inner",
        )
        self.inner.build(input_shape)
        self.drop = keras.layers.Dropout(
            self.rate, dtype=self.dtype_policy, name="drop"
        )
        self.outer = keras.layers.Dense(
            input_shape[-1], dtype=self.dtype_policy, name="outer"
        )
        self.outer.build((*input_shape[:-1], self.units))

    def call(self, inputs, training=None):
        x = self.inner(inputs)
        x = self.drop(x, training=training)
        return inputs + self.outer(x)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        config["rate"] = self.rate
        config["activation"] = keras.activations.serialize(self.activation)
        return config


@register
class ImplicitDrop(keras.layers.Layer):
    """Dropout inside, no training argument in call, seeded."""

    def __init__(self, units, rate=0.3, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate
        self.seed = seed
        self.dense = keras.layers.Dense(units, dtype=self.dtype_policy)
        self.drop = keras.layers.Dropout(rate, seed=seed, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.dense.build(input_shape)
        self.drop.build((*input_shape[:-1], self.units))

    def call(self, inputs):
        return self.drop(self.dense(inputs))

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "rate": self.rate,
            "seed": self.seed,
        }


@register
class CrossAttn(keras.layers.Layer):
    def __init__(self, num_heads=2, key_dim=4, **kwargs):
        super().__init__(**kwargs)
        self.num_heads, self.key_dim = num_heads, key_dim
        self.mha = keras.layers.MultiHeadAttention(
            num_heads, key_dim, dtype=self.dtype_policy
        )
        self.supports_masking = True

    def build(self, query_shape, context_shape):
        self.mha.build(query_shape, context_shape)

    def call(self, query, context, query_mask=None, context_mask=None, training=None):
        return query + self.mha(
            query,
            context,
            query_mask=query_mask,
            value_mask=context_mask,
            training=training,
        )

    def compute_output_shape(self, query_shape, context_shape):
        return query_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_heads": self.num_heads,
            "key_dim": self.key_dim,
        }


@register
class GatedFusion(keras.layers.Layer):
    def __init__(self, units, activation="tanh", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.left = keras.layers.Dense(units, dtype=self.dtype_policy, name="left")
        self.right = keras.layers.Dense(units, dtype=self.dtype_policy, name="right")

    def build(self, image_shape, text_shape):
        self.left.build(image_shape)
        self.right.build(text_shape)
        self.gate = self.add_weight(
            name="gate", shape=(self.units,), initializer="zeros"
        )

    def call(self, image, text):
        g = ops.sigmoid(self.gate)
        return self.activation(g * self.left(image) + (1 - g) * self.right(text))

    def compute_output_shape(self, image_shape, text_shape):
        return (*image_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
        }
