"""Layers without a fault, on which no check may raise a false alarm."""

import keras
import numpy as np
from keras import activations, constraints, initializers, ops, regularizers

register = keras.saving.register_keras_serializable(package="correct_layers")


@register
class Affine(keras.layers.Layer):
    """`activation(scale * x @ kernel + bias)`: what the broken layers are made from."""

    def __init__(
        self,
        units,
        activation="tanh",
        scale=1.0,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        kernel_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if isinstance(units, bool) or not isinstance(units, int) or units < 1:
            raise ValueError(f"`units` must be a positive integer. Received: {units!r}")
        self.units = units
        self.activation = activations.get(activation)
        self.scale = scale
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.input_spec = keras.layers.InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        features = input_shape[-1]
        if features is None:
            raise ValueError("The size of the last axis must be known.")
        self.kernel = self.add_weight(
            name="kernel",
            shape=(features, self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer=self.bias_initializer
        )
        self.input_spec = keras.layers.InputSpec(min_ndim=2, axes={-1: features})

    def affine(self, x):
        return self.scale * ops.matmul(x, self.kernel) + self.bias

    def call(self, x):
        return self.activation(self.affine(x))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "scale": self.scale,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
        }


def swish(x):
    """`x * sigmoid(x)` with a gradient of its own, right at every order."""

    @ops.custom_gradient
    def function(x):
        s = ops.sigmoid(ops.stop_gradient(x))

        def grad(*args, upstream=None):
            (upstream,) = args if upstream is None else (upstream,)
            s = ops.sigmoid(x)
            return upstream * s * (1 + x * (1 - s))

        return ops.stop_gradient(x) * s, grad

    return function(x)


@register
class CustomSwish(Affine):
    """An activation whose gradient is written out."""

    def call(self, x):
        return swish(self.affine(x))


@register
class MaskedMean(keras.layers.Layer):
    """The mean over unmasked steps; uses the mask up."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def call(self, x, mask=None):
        if mask is None:
            return ops.mean(x, axis=1)
        weight = ops.cast(mask, self.compute_dtype)[..., None]
        return ops.sum(x * weight, axis=1) / ops.sum(weight, axis=1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])


@register
class Mix(keras.layers.Layer):
    """Two inputs, sublayers, dropout, and two outputs, one of them of integers."""

    def __init__(self, units, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(units, int):
            raise ValueError(f"`units` must be an integer. Received: {units!r}")
        self.units, self.rate = units, rate
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def build(self, query_shape, value_shape):
        if len(value_shape) != 3 or value_shape[-1] is None:
            raise ValueError(f"`value` must be a batch of sequences: {value_shape}")
        policy = self.dtype_policy
        self.left = keras.layers.Dense(self.units, dtype=policy, name="left")
        self.right = keras.layers.Dense(self.units, dtype=policy, name="right")
        self.dropout = keras.layers.Dropout(self.rate, dtype=policy)
        self.left.build(query_shape)
        self.right.build(value_shape)
        self.input_spec = keras.layers.InputSpec(ndim=3, axes={-1: query_shape[-1]})
        self.width = value_shape[-1]

    def call(self, query, value, training=None):
        if value.shape[-1] != self.width:
            raise ValueError(f"`value` must have width {self.width}: {value.shape}")
        both = self.left(query) + ops.mean(self.right(value), axis=1, keepdims=True)
        return self.dropout(both, training=training), ops.argmax(both, axis=-1)

    def compute_output_spec(self, query, value, training=None):
        shape = (*query.shape[:-1], self.units)
        return (
            keras.KerasTensor(shape, self.compute_dtype),
            keras.KerasTensor(shape[:-1], "int32"),
        )

    def get_config(self):
        return {**super().get_config(), "units": self.units, "rate": self.rate}


@register
class Wrapper(keras.layers.Layer):
    """A layer given as an argument, and an array kept as a constant."""

    def __init__(self, inner, shift, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(shift, list):
            raise ValueError(f"`shift` must be a list. Received: {shift!r}")
        self.inner = inner
        self.shift = np.asarray(shift, "float32")
        self.input_spec = keras.layers.InputSpec(min_ndim=2)

    def build(self, input_shape):
        if not self.inner.built:
            self.inner.build(input_shape)

    def call(self, x):
        shift = ops.cast(ops.convert_to_tensor(self.shift), self.compute_dtype)
        return ops.cast(self.inner(x), self.compute_dtype) + shift

    def compute_output_shape(self, input_shape):
        return self.inner.compute_output_shape(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "inner": keras.saving.serialize_keras_object(self.inner),
            "shift": self.shift.tolist(),
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        config["inner"] = keras.saving.deserialize_keras_object(config["inner"])
        return cls(**config)


@register
class Shifted(keras.layers.Layer):
    """Adds a number that comes with each call, as a number or as a tensor."""

    def call(self, x, start=0):
        return x + ops.cast(start, x.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


@register
class Scored(Affine):
    """A layer with a method and a property that use its kernel."""

    def checked(self, name):
        if not self.built:
            raise ValueError(f"`{name}` needs a layer that is built: call it first.")
        return self.kernel

    def score(self, h):
        kernel = ops.cast(self.checked("score"), self.compute_dtype)
        if keras.utils.is_keras_tensor(h):
            raise ValueError("`score` takes no symbolic tensor.")
        return ops.matmul(ops.convert_to_tensor(h, self.compute_dtype), kernel)

    @property
    def length(self):
        kernel = ops.cast(self.checked("length"), self.compute_dtype)
        return ops.sqrt(ops.sum(ops.square(kernel)))


@register
class Step(keras.layers.Layer):
    """A step function with a straight-through gradient."""

    def call(self, x):
        @ops.custom_gradient
        def function(x):
            def grad(*args, upstream=None):
                (upstream,) = args if upstream is None else (upstream,)
                return upstream

            return ops.cast(x > 0, x.dtype), grad

        return function(x)

    def compute_output_shape(self, input_shape):
        return input_shape


@register
class Grid(keras.layers.Layer):
    """Values on a grid, and which of them are positive."""

    def call(self, x):
        return ops.round(x * 10) / 10, x > 0

    def compute_output_spec(self, x):
        return (
            keras.KerasTensor(x.shape, self.compute_dtype),
            keras.KerasTensor(x.shape, "bool"),
        )


@register
class Joined(keras.layers.Layer):
    """Adds the means of two sequences that come in one dict, masked steps left out."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        if not isinstance(input_shape, dict):
            raise ValueError(f"no dict of shapes: {input_shape}")
        for name, shape in input_shape.items():
            if shape is not None and len(shape) != 3:
                raise ValueError(f"`{name}` must have 3 axes. Received: {shape}")

    def call(self, inputs, mask=None):
        if inputs["query"].shape[::2] != inputs["value"].shape[::2]:
            raise ValueError(f"the inputs do not fit: {inputs}")
        masks = mask or {}
        query = self.mean(inputs["query"], masks.get("query"))
        value = self.mean(inputs["value"], masks.get("value"))
        return {"sum": query + value, "first": query}

    def mean(self, x, mask):
        kept = ops.ones_like(x[..., :1])
        kept = kept if mask is None else ops.cast(mask[..., None], x.dtype)
        return ops.sum(x * kept, axis=1) / ops.maximum(ops.sum(kept, axis=1), 1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        batch, _, features = input_shape["query"]
        return {"sum": (batch, features), "first": (batch, features)}


def two_dense(input_shape, units, activation="tanh", name=None, dtype=None):
    """A functional model of two inputs."""
    inputs = [keras.Input(input_shape, name=one) for one in ("left", "right")]
    total = keras.layers.Add(dtype=dtype)(inputs)
    output = keras.layers.Dense(units, activation=activation, dtype=dtype)(total)
    return keras.Model(inputs, output, name=name)


def one_dense(input_shape, units, name=None, dtype=None):
    """A functional model that equals `Affine`."""
    inputs = keras.Input(input_shape)
    output = keras.layers.Dense(units, activation="tanh", dtype=dtype)(inputs)
    return keras.Model(inputs, output, name=name)
