"""Layers with one fault each: `Affine`, broken in one place."""

import keras
import numpy as np
import tensorflow as tf
from correct_layers import Affine, MaskedMean
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_layers")


@register
class ExtraAxis(Affine):
    def call(self, x):
        return super().call(x)[..., None]

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units, 1)


@register
class AlwaysFloat64(Affine):
    def call(self, x):
        return ops.cast(super().call(x), "float64")


@register
class Misnamed(Affine):
    def build(self, input_shape):
        self.kernel = self.add_weight(name="w", shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(name="bias", shape=(self.units,))


@register
class UndeclaredIntegers(Affine):
    def call(self, x):
        return ops.cast(super().call(x) > 0, "int32")


@register
class WrongShape(Affine):
    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units + 1)


@register
class CountsUnknown(Affine):
    def compute_output_shape(self, input_shape):
        return (input_shape[0] * 2 // 2, *input_shape[1:-1], self.units)


@register
class StaticBatch(Affine):
    def call(self, x):
        return super().call(x) + ops.zeros((x.shape[0], 1), self.compute_dtype)


@register
class StaticTime(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.steps = input_shape[1] or 1

    def call(self, x):
        total = ops.sum(super().call(x), axis=1) / self.steps
        return total

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)


@register
class Squeezes(Affine):
    def call(self, x):
        return ops.squeeze(super().call(x))


@register
class MixesRows(Affine):
    def call(self, x):
        return ops.softmax(self.affine(x), axis=0)


@register
class Logarithm(Affine):
    def call(self, x):
        return ops.log(self.affine(x))


@register
class TwiceTheBias(Affine):
    def call(self, x):
        return self.activation(self.affine(x) + self.bias)


@register
class StopsKernel(Affine):
    def call(self, x):
        kernel = ops.stop_gradient(ops.convert_to_tensor(self.kernel))
        return self.activation(ops.matmul(x, kernel) + self.bias)


@register
class UnusedWeight(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.unused = self.add_weight(name="unused", shape=(3,))


@register
class ZeroGradient(Affine):
    def call(self, x):
        return super().call(x * 0 + ops.stop_gradient(x))


@register
class NanGradient(Affine):
    def call(self, x):
        logarithm = ops.where(x > 0, ops.log(ops.relu(x)), ops.zeros_like(x))
        return super().call(x + logarithm)


def custom(forward, backward):
    """A function of one tensor with a gradient of its own."""

    @ops.custom_gradient
    def function(x):
        def grad(*args, upstream=None):
            (upstream,) = args if upstream is None else (upstream,)
            return backward(x, upstream)

        return forward(x), grad

    return function


@register
class TwiceTheGradient(Affine):
    def call(self, x):
        square = custom(lambda x: x * x, lambda x, upstream: upstream * 4 * x)
        return square(self.affine(x))


@register
class UphillGradient(Affine):
    def call(self, x):
        same = custom(lambda x: x + 0, lambda x, upstream: -upstream)
        return same(self.affine(x))


@register
class FlatGradient(Affine):
    def call(self, x):
        square = custom(
            lambda x: x * x, lambda x, upstream: upstream * 2 * ops.stop_gradient(x)
        )
        return square(self.affine(x))


@register
class ForgetsUpstream(Affine):
    def call(self, x):
        same = custom(lambda x: x + 0, lambda x, upstream: upstream + 0.01)
        return same(self.affine(x))


@register
class NoisyGradient(Affine):
    def call(self, x):
        def backward(x, upstream):
            noise = keras.random.normal(ops.shape(x), dtype=x.dtype)
            return upstream * (1 + 1e-3 * noise)

        return custom(lambda x: x + 0, backward)(self.affine(x))


@register
class UnsummedBias(Affine):
    def call(self, x):
        @ops.custom_gradient
        def add(x, bias):
            def grad(*args, upstream=None):
                (upstream,) = args if upstream is None else (upstream,)
                return upstream, upstream

            return x + bias, grad

        bias = ops.convert_to_tensor(self.bias) + 0
        return add(ops.matmul(x, self.kernel), bias)


@register
class Float32Gradient(Affine):
    def call(self, x):
        same = custom(
            lambda x: x + 0, lambda x, upstream: ops.cast(upstream, "float32")
        )
        return super().call(same(x))


@register
class ForgetsUnits(Affine):
    def get_config(self):
        config = super().get_config()
        del config["units"]
        return config


@register
class ForgetsScale(Affine):
    def get_config(self):
        return {**super().get_config(), "scale": 1.0}


@register
class IntegerKeys(keras.layers.Layer):
    def __init__(self, table, **kwargs):
        super().__init__(**kwargs)
        self.table = dict(table)

    def call(self, x):
        return x * sum(self.table.values())

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "table": dict(self.table)}


@register
class ArrayInConfig(IntegerKeys):
    def __init__(self, table, **kwargs):
        super().__init__({}, **kwargs)
        self.table = table

    def call(self, x):
        return x * 2

    def get_config(self):
        return {**super().get_config(), "table": {1, 2}}


@register
class LiveObjects(keras.layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def build(self, input_shape):
        if not self.inner.built:
            self.inner.build(input_shape)

    def call(self, x):
        return self.inner(x)

    def get_config(self):
        return {**super().get_config(), "inner": self.inner}


SHARED = keras.initializers.RandomNormal(seed=1)


@register
class SharedInitializer(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.kernel_initializer = SHARED


class Ignores(Affine):
    """Leaves out what `add_weight` should be told about the kernel."""

    told = ("initializer", "regularizer", "constraint")

    def build(self, input_shape):
        told = {one: getattr(self, f"kernel_{one}") for one in self.told}
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(name="kernel", shape=shape, **told)
        self.bias = self.add_weight(name="bias", shape=(self.units,))


@register
class IgnoresInitializer(Ignores):
    told = ("regularizer", "constraint")


@register
class IgnoresRegularizer(Ignores):
    told = ("initializer", "constraint")


@register
class IgnoresConstraint(Ignores):
    told = ("initializer", "regularizer")


@register
class PenalizesTwice(Affine):
    def call(self, x):
        if self.kernel_regularizer is not None:
            self.add_loss(self.kernel_regularizer(self.kernel))
        return super().call(x)


@register
class AcceptsAnything(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units if isinstance(units, int) else 7, **kwargs)


@register
class WrongKindOfError(Affine):
    def __init__(self, units, **kwargs):
        if not isinstance(units, int):
            raise TypeError("`units` must be an integer")
        super().__init__(units, **kwargs)


@register
class UnnamedError(Affine):
    def __init__(self, units, **kwargs):
        if not isinstance(units, int):
            raise ValueError("wrong size")
        super().__init__(units, **kwargs)


@register
class AnyRank(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.input_spec = None

    def build(self, input_shape):
        self.before_last = input_shape[-2]
        super().build(input_shape)


@register
class AnySize(Affine):
    def build(self, input_shape):
        super().build((*input_shape[:-1], int(input_shape[-1])))


@register
class Broadcasts(keras.layers.Layer):
    def build(self, input_shape):
        self.gain = self.add_weight(name="gain", shape=(input_shape[-1],))

    def call(self, x):
        return x * self.gain


@register
class BackendError(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = None


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
class PolicylessSublayer(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.inner = keras.layers.Dense(self.units)
        self.inner.build((*input_shape[:-1], self.units))

    def call(self, x):
        return self.inner(super().call(x))


class Box:
    """An object that Keras does not look into."""

    def __init__(self, content):
        self.content = content


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
class CachesTensor(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.one = None

    def call(self, x):
        if self.one is None:
            self.one = ops.ones((self.units,), self.compute_dtype)
        return super().call(x) * self.one


@register
class SamePath(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.other = self.add_weight(name="bias", shape=(self.units,))

    def call(self, x):
        return super().call(x) + self.other


@register
class AlwaysFloat32(Affine):
    def call(self, x):
        return ops.cast(super().call(x), "float32")


@register
class HalfWeights(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.gain = self.add_weight(
            name="gain", shape=(self.units,), dtype=self.compute_dtype
        )

    def call(self, x):
        return super().call(x) * self.gain


@register
class Overflows(Affine):
    def call(self, x):
        return super().call(x) * 1e4 * 1e4 / 1e8


@register
class LosesDigits(Affine):
    def call(self, x):
        return super().call(ops.cast(ops.cast(x, "float32"), self.compute_dtype))


@register
class FixedDtype(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **{"dtype": "float32", **kwargs})


@register
class OtherInGraph(Affine):
    def call(self, x):
        y = super().call(x)
        return y if tf.executing_eagerly() else 2 * y


@register
class PythonInside(Affine):
    def call(self, x):
        y = super().call(x)
        zero = tf.numpy_function(lambda v: v * 0, [ops.stop_gradient(y)], y.dtype)
        zero.set_shape(y.shape)
        return y + zero


@register
class LoopsOverRows(Affine):
    def call(self, x):
        if x.shape[0] is None:
            return super().call(x)
        rows = [super(LoopsOverRows, self).call(x[i : i + 1]) for i in range(len(x))]
        return ops.concatenate(rows, axis=0)


@register
class LoopsOverTime(Affine):
    def call(self, x):
        if x.shape[1] is None:
            return super().call(x)
        steps = range(x.shape[1])
        return ops.stack([super(LoopsOverTime, self).call(x[:, i]) for i in steps], 1)


@register
class NeverFrozen(Affine):
    @property
    def trainable_weights(self):
        return [self.kernel, self.bias]


@register
class MovesInTraining(Affine):
    def call(self, x, training=None):
        if training:
            self.bias.assign(self.bias * 0.9)
        return super().call(x)


@register
class MovesAlways(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.calls = self.add_weight(
            name="calls", shape=(), initializer="zeros", trainable=False
        )

    def call(self, x):
        self.calls.assign_add(1.0)
        return super().call(x)


@register
class IgnoresTraining(Affine):
    def call(self, x, training=None):
        return super().call(x)


@register
class SecretDropout(Affine):
    def call(self, x, training=None):
        y = super().call(x)
        return 0.5 * y if training else y


@register
class DropsMask(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.supports_masking = False


@register
class InvertsMask(Affine):
    def compute_mask(self, inputs, mask=None):
        return None if mask is None else ops.logical_not(mask)


@register
class KeepsMask(MaskedMean):
    def compute_mask(self, inputs, mask=None):
        return mask


@register
class Unsupporting(MaskedMean):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = False


@register
class IgnoresMask(MaskedMean):
    def call(self, x, mask=None):
        return ops.mean(x, axis=1)
