"""Layers with a fault that invites a wrong mend, each with the layer mended as it is said."""

import keras
import numpy as np
from keras import layers, ops

register = keras.saving.register_keras_serializable(package="misled")


@register
class ScratchList(layers.Layer):
    def call(self, x):
        self.parts = []
        for i in range(3):
            self.parts.append(x[:, i])
        return ops.stack(self.parts, axis=1)


@register
class LocalList(layers.Layer):
    def call(self, x):
        parts = []
        for i in range(3):
            parts.append(x[:, i])
        return ops.stack(parts, axis=1)


@register
class UnbuiltList(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = [layers.Dense(n, dtype=self.dtype_policy) for n in (4, 5)]

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(5,), name="scale", initializer="ones")

    def call(self, x):
        for inner in self.hidden:
            x = inner(x)
        return x * self.scale


@register
class BuiltList(UnbuiltList):
    def build(self, input_shape):
        super().build(input_shape)
        shape = input_shape
        for inner in self.hidden:
            inner.build(shape)
            shape = inner.compute_output_shape(shape)


@register
class InnerInConfig(layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.inner = layers.Dense(units, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.inner.build(input_shape)

    def call(self, x):
        return self.inner(x)

    def get_config(self):
        inner = keras.saving.serialize_keras_object(self.inner)
        return {**super().get_config(), "units": self.units, "inner": inner}


@register
class InnerLeftOut(InnerInConfig):
    def get_config(self):
        return {**layers.Layer.get_config(self), "units": self.units}


@register
class NoKeywords(layers.Layer):
    def __init__(self, units=4):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, name="kernel")

    def call(self, x):
        return ops.matmul(x, self.kernel)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class Keywords(NoKeywords):
    def __init__(self, units=4, **kwargs):
        layers.Layer.__init__(self, **kwargs)
        self.units = units


@register
class Rounds(layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), name="scale")

    def call(self, x):
        return ops.round(x * self.scale)


@register
class StraightThrough(Rounds):
    def call(self, x):
        x = x * self.scale
        return x + ops.stop_gradient(ops.round(x) - x)


@register
class TakesTheLargest(layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 4), name="kernel")

    def call(self, x):
        largest = ops.argmax(ops.matmul(x, self.kernel), axis=-1)
        return ops.cast(largest, self.compute_dtype)


@register
class Weighs(TakesTheLargest):
    def call(self, x):
        return ops.softmax(ops.matmul(x, self.kernel), axis=-1)


@register
class Assigns(layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 4), name="kernel")
        self.g = self.add_weight(shape=(4,), name="g", initializer="ones")

    def call(self, x):
        self.kernel.assign(ops.normalize(self.kernel, axis=0) * self.g)
        return ops.matmul(x, self.kernel)


@register
class UsesTheValue(Assigns):
    def call(self, x):
        return ops.matmul(x, ops.normalize(self.kernel, axis=0) * self.g)


@register
class Float32Sublayers(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(8, activation="tanh")
        self.second = layers.Dense(8)

    def build(self, input_shape):
        self.first.build(input_shape)
        self.second.build((*input_shape[:-1], 8))

    def call(self, x):
        return self.second(self.first(x))


@register
class SublayersOfThePolicy(Float32Sublayers):
    def __init__(self, **kwargs):
        layers.Layer.__init__(self, **kwargs)
        self.first = layers.Dense(8, activation="tanh", dtype=self.dtype_policy)
        self.second = layers.Dense(8, dtype=self.dtype_policy)


@register
class DrawsByNumpy(layers.Layer):
    def call(self, x):
        return x + np.random.standard_normal()


@register
class DrawsWithoutSeed(layers.Layer):
    def call(self, x):
        return x + keras.random.normal(ops.shape(x), dtype=x.dtype)


@register
class DrawsFromItsOwn(layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, x):
        drawn = keras.random.normal(
            ops.shape(x), dtype=x.dtype, seed=self.seed_generator
        )
        return x + drawn

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


@register
class KerasOwnName(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._layers = [layers.Dense(4, dtype=self.dtype_policy) for _ in range(2)]

    def build(self, input_shape):
        self._layers[0].build(input_shape)
        self._layers[1].build((*input_shape[:-1], 4))

    def call(self, x):
        return self._layers[1](self._layers[0](x))


@register
class NameOfItsOwn(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = [layers.Dense(4, dtype=self.dtype_policy) for _ in range(2)]

    def build(self, input_shape):
        self.hidden[0].build(input_shape)
        self.hidden[1].build((*input_shape[:-1], 4))

    def call(self, x):
        return self.hidden[1](self.hidden[0](x))


@register
class RangeInFloat32(layers.Layer):
    def call(self, x):
        positions = ops.arange(x.shape[1], dtype="float32")
        return x * positions[None, :, None]


@register
class RangeInItsDtype(layers.Layer):
    def call(self, x):
        positions = ops.arange(x.shape[1], dtype=x.dtype)
        return x * positions[None, :, None]


@register
class OneHotInFloat32(layers.Layer):
    def call(self, tokens):
        return ops.one_hot(tokens, 4)


@register
class OneHotInItsDtype(layers.Layer):
    def call(self, tokens):
        return ops.one_hot(tokens, 4, dtype=self.compute_dtype)


@register
class ScansAssociatively(layers.Layer):
    def call(self, x):
        return ops.associative_scan(lambda a, b: a * 0.5 + b, x, axis=1)


@register
class HalvingCell(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = self.output_size = units

    def call(self, x, states):
        carry = states[0] * 0.5 + x
        return carry, [carry]


@register
class ScansStepByStep(layers.Layer):
    def build(self, input_shape):
        cell = HalvingCell(input_shape[-1], dtype=self.dtype_policy)
        self.rnn = layers.RNN(cell, return_sequences=True, dtype=self.dtype_policy)
        self.rnn.build(input_shape)

    def call(self, x):
        return self.rnn(x)


@register
class PoolsTime(layers.Layer):
    def call(self, x, mask=None):
        if mask is None:
            return ops.mean(x, axis=1)
        weights = ops.cast(mask, x.dtype)[..., None]
        return ops.sum(x * weights, axis=1) / ops.sum(weights, axis=1)


@register
class PoolsTimeAndMask(PoolsTime):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return None


@register
class KeepsATensorOfAWeight(layers.Layer):
    def build(self, input_shape):
        shape = (input_shape[-1], input_shape[-1])
        self.kernel = self.add_weight(shape=shape, name="kernel")
        self.symmetric = self.kernel + ops.transpose(self.kernel)

    def call(self, x):
        return ops.matmul(x, self.symmetric)


@register
class ComputesItInCall(KeepsATensorOfAWeight):
    def build(self, input_shape):
        shape = (input_shape[-1], input_shape[-1])
        self.kernel = self.add_weight(shape=shape, name="kernel")

    def call(self, x):
        return ops.matmul(x, self.kernel + ops.transpose(self.kernel))


class Box:
    def __init__(self, content):
        self.content = content


@register
class SublayerInABox(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.box = Box(layers.Dense(4, dtype=self.dtype_policy))

    def build(self, input_shape):
        self.box.content.build(input_shape)

    def call(self, x):
        return self.box.content(x)


@register
class SublayerAsAttribute(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.content = layers.Dense(4, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.content.build(input_shape)

    def call(self, x):
        return self.content(x)


@register
class MixesSamples(layers.Layer):
    def call(self, x):
        return x - ops.mean(x, axis=0)


class Unregistered(layers.Layer):
    def call(self, x):
        return x * 2.0


@register
class AsksAValue(layers.Layer):
    def call(self, x):
        if ops.sum(x[0]) > 0:
            return x
        return -x


@register
class SelectsByValue(layers.Layer):
    def call(self, x):
        return ops.where(ops.sum(x, axis=-1, keepdims=True) > 0, x, -x)


@register
class OwnSizeOfTheBatch(layers.Layer):
    def call(self, x):
        return ops.reshape(x, (x.shape[0], x.shape[1] * x.shape[2]))


@register
class AnySizeOfTheBatch(layers.Layer):
    def call(self, x):
        return ops.reshape(x, (ops.shape(x)[0], x.shape[1] * x.shape[2]))
