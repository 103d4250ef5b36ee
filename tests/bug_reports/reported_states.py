"""States, gradients and what Keras 3 has not: 14, 17, 23, 25, 26, 27 and 29."""

import keras
import numpy as np
from keras import ops

registered = keras.saving.register_keras_serializable(package="reported")


@registered
class LastFeatures(keras.layers.Layer):
    """14: asks an inner layer for an output that Keras 3 does not keep."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.encoder = keras.layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.encoder.build(input_shape)

    def call(self, inputs):
        self.encoder(inputs)
        return ops.relu(self.encoder.get_output_at(0))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@registered
class LastFeaturesMended(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.encoder = keras.layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.encoder.build(input_shape)

    def call(self, inputs):
        return ops.relu(self.encoder(inputs))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@registered
class SignDense(keras.layers.Layer):
    """17: with a bias, reads a size that nothing sets."""

    def __init__(self, units=4, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.units, self.use_bias = units, use_bias

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )
        if self.use_bias:
            self.offset = self.add_weight(name="offset", shape=(self.output_dim,))

    def call(self, inputs):
        outputs = ops.tanh(ops.matmul(inputs, self.kernel))
        return outputs + self.offset if self.use_bias else outputs

    def get_config(self):
        return {**super().get_config(), "units": self.units, "use_bias": self.use_bias}


@registered
class SignDenseMended(keras.layers.Layer):
    def __init__(self, units=4, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.units, self.use_bias = units, use_bias

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )
        if self.use_bias:
            self.offset = self.add_weight(name="offset", shape=(self.units,))

    def call(self, inputs):
        outputs = ops.tanh(ops.matmul(inputs, self.kernel))
        return outputs + self.offset if self.use_bias else outputs

    def get_config(self):
        return {**super().get_config(), "units": self.units, "use_bias": self.use_bias}


@registered
class Buckets(keras.layers.Layer):
    """23: what `adapt` learns stands in a Python list, which no file keeps."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.boundaries = [0.0]

    def adapt(self, data):
        self.boundaries = np.quantile(data, [0.25, 0.5, 0.75]).tolist()

    def call(self, inputs):
        edges = ops.convert_to_tensor(self.boundaries, inputs.dtype)
        return ops.sum(ops.cast(inputs[..., None] > edges, inputs.dtype), axis=-1)


@registered
class BucketsMended(keras.layers.Layer):
    def build(self, input_shape):
        self.boundaries = self.add_weight(
            name="boundaries", shape=(3,), initializer="zeros", trainable=False
        )

    def adapt(self, data):
        if not self.built:
            self.build(np.shape(data))
            self.built = True
        self.boundaries.assign(np.quantile(data, [0.25, 0.5, 0.75]))

    def call(self, inputs):
        edges = ops.cast(self.boundaries, inputs.dtype)
        return ops.sum(ops.cast(inputs[..., None] > edges, inputs.dtype), axis=-1)


@registered
class LengthAndDirection(keras.layers.Wrapper):
    """25: overwrites the kernel of the inner layer at every call."""

    def build(self, input_shape):
        super().build(input_shape)
        kernel = self.layer.kernel
        self.length = self.add_weight(
            name="length", shape=(kernel.shape[-1],), initializer="ones"
        )
        self.direction = self.add_weight(
            name="direction", shape=kernel.shape, initializer="glorot_uniform"
        )

    def call(self, inputs):
        unit = self.direction / ops.norm(self.direction, axis=0)
        self.layer.kernel.assign(unit * self.length)
        return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


@registered
class LengthAndDirectionMended(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.length = self.add_weight(
            name="length", shape=(self.units,), initializer="ones"
        )
        self.direction = self.add_weight(
            name="direction", shape=(input_shape[-1], self.units)
        )

    def call(self, inputs):
        direction = ops.convert_to_tensor(self.direction)
        size = ops.sqrt(ops.sum(ops.square(direction), axis=0))
        return ops.matmul(inputs, direction / size * self.length)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@registered
class MinimalCell(keras.layers.Layer):
    """26: begins with float32, whatever the inputs are of."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )

    def get_initial_state(self, batch_size=None):
        return [ops.zeros((batch_size, self.units), dtype="float32")]

    def call(self, inputs, states):
        output = ops.tanh(ops.matmul(inputs, self.kernel) + states[0])
        return output, [output]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@registered
class MinimalCellMended(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.output_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )

    def get_initial_state(self, batch_size=None):
        return [ops.zeros((batch_size, self.units), dtype=self.compute_dtype)]

    def call(self, inputs, states):
        output = ops.tanh(ops.matmul(inputs, self.kernel) + states[0])
        return output, [output]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@registered
class Matrix(keras.layers.Layer):
    """27: the name stands where Keras 3 takes the shape."""

    def build(self, input_shape):
        self.matrix = self.add_weight("matrix", shape=(input_shape[-1], 4))

    def call(self, inputs):
        return ops.matmul(inputs, self.matrix)


@registered
class MatrixMended(keras.layers.Layer):
    def build(self, input_shape):
        self.matrix = self.add_weight(name="matrix", shape=(input_shape[-1], 4))

    def call(self, inputs):
        return ops.matmul(inputs, self.matrix)


@registered
class GraphConvolution(keras.layers.Layer):
    """29: the adjacency is made and trained, and never used."""

    def build(self, input_shape):
        size, features = input_shape[1:]
        self.adjacency = self.add_weight(name="adjacency", shape=(size, size))
        self.kernel = self.add_weight(name="kernel", shape=(features, 4))

    def call(self, inputs):
        return ops.matmul(inputs, self.kernel)


@registered
class GraphConvolutionMended(keras.layers.Layer):
    def build(self, input_shape):
        size, features = input_shape[1:]
        self.adjacency = self.add_weight(name="adjacency", shape=(size, size))
        self.kernel = self.add_weight(name="kernel", shape=(features, 4))

    def call(self, inputs):
        return ops.matmul(ops.matmul(self.adjacency, inputs), self.kernel)
