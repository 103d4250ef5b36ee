"""Layers with one fault each, in what files hold of them, and the checks that catch them."""

import keras
import numpy as np
import tensorflow as tf
from broken_cases import Box, case
from broken_configs import ForgetsScale
from broken_running import CachesTensor, OtherInGraph
from broken_shapes import StaticBatch
from correct_layers import Affine
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_saving")


@register
class DrawsAtRandom(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.offset = np.random.standard_normal()

    def call(self, x):
        return super().call(x) + self.offset


class Unregistered(Affine):
    pass


@register
class LazySublayer(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.inner = keras.layers.Dense(self.units, dtype=self.dtype_policy)

    def call(self, x):
        return self.inner(super().call(x))


@register
class HiddenVariable(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.box = Box(keras.Variable(np.ones(self.units, "float32")))

    def call(self, x):
        return super().call(x) * ops.cast(self.box.content, self.compute_dtype)


@register
class RawVariable(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        if keras.backend.backend() == "torch":
            import torch

            self.gain = torch.nn.Parameter(torch.ones(self.units))
            return
        with tf.init_scope():
            self.gain = tf.Variable(tf.ones(self.units))

    def call(self, x):
        return super().call(x) * ops.cast(self.gain, self.compute_dtype)


@register
class HiddenLayer(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.box = Box(keras.layers.Dense(self.units))

    def call(self, x):
        return self.box.content(super().call(x))


@register
class KeepsTensor(Affine):
    def call(self, x):
        self.last = x
        return super().call(x)


@register
class SamePath(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.other = self.add_weight(name="bias", shape=(self.units,))

    def call(self, x):
        return super().call(x) + self.other


def with_custom_layer(input_shape, units, name=None, dtype=None):
    """A functional model of a layer that is not Keras' own."""
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, Affine(units, dtype=dtype)(inputs), name=name)


@register
class SavesOnlyTheBias(Affine):
    def save_own_variables(self, store):
        store["0"] = self.bias

    def load_own_variables(self, store):
        self.bias.assign(store["0"])


@register
class Unbuilt(keras.layers.Layer):
    """A layer whose own `build` leaves its sublayer to the first call."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        pass

    def call(self, x):
        return self.dense(x)


@register
class BuildsHalfway(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.inner = Unbuilt(self.units, dtype=self.dtype_policy)
        self.inner.build((*input_shape[:-1], self.units))

    def call(self, x):
        return self.inner(super().call(x))


@register
class TwinSublayers(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        shape = (*input_shape[:-1], self.units)
        for name in ("left", "right"):
            inner = keras.layers.Dense(3, name="inner", dtype=self.dtype_policy)
            inner.build(shape)
            setattr(self, name, inner)

    def call(self, x):
        y = super().call(x)
        return self.left(y) + self.right(y)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 3)


BROKEN = {
    "keras_file_round_trip": [
        (
            case(ForgetsScale, args={"units": 7, "scale": 2.0}),
            "loaded from its .keras file, the layer computes something else",
        ),
        (
            case(SavesOnlyTheBias),
            "loaded from its .keras file, the layer computes something else",
        ),
    ],
    "weights_file_round_trip": [
        (case(DrawsAtRandom), "with its weights loaded from a file, the layer"),
        (case(SavesOnlyTheBias), "with its weights loaded from a file, the layer"),
    ],
    "loads_in_fresh_process": [
        (case(Unregistered), "a process that imports `broken_saving` cannot load it"),
        (
            case(with_custom_layer, args={"units": 7, "input_shape": (3,)}),
            "a process that knows Keras alone cannot load the model",
        ),
    ],
    "build_creates_every_weight": [
        (case(LazySublayer), "`build` alone leaves out the weights ["),
        (case(BuildsHalfway), "`build` alone leaves out the weights ["),
    ],
    "every_variable_is_tracked": [
        (case(HiddenVariable), "self.box.content is a variable that Keras does not"),
        (case(RawVariable), "self.gain is a variable that Keras does not track"),
        (case(HiddenLayer), "self.box.content is a layer that Keras does not track"),
    ],
    "no_tensor_is_kept": [
        (case(KeepsTensor), "self.last is a tensor that the layer keeps"),
        (case(CachesTensor), "self.one is a tensor that the layer keeps"),
    ],
    "weight_paths_are_unique": [
        (case(SamePath), "several weights share the paths"),
        (case(TwinSublayers), "/inner/kernel'"),
    ],
    "saved_model_serves_same_values": [
        (case(StaticBatch), "exporting a SavedModel raised"),
        (case(OtherInGraph), "the exported SavedModel serves something else"),
    ],
}
