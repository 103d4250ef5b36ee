"""Layers with one fault each, in precision or in how they compile, and the checks that catch them."""

import keras
import numpy as np
import tensorflow as tf
from broken_cases import case, sequence
from broken_shapes import StaticBatch
from correct_layers import Affine
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_running")


@register
class PolicylessSublayer(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.inner = keras.layers.Dense(self.units)
        self.inner.build((*input_shape[:-1], self.units))

    def call(self, x):
        return self.inner(super().call(x))


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
        rows = [
            super(LoopsOverRows, self).call(x[i : i + 1]) for i in range(x.shape[0])
        ]
        return ops.concatenate(rows, axis=0)


@register
class LoopsOverTime(Affine):
    def call(self, x):
        if x.shape[1] is None:
            return super().call(x)
        steps = range(x.shape[1])
        return ops.stack([super(LoopsOverTime, self).call(x[:, i]) for i in steps], 1)


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
class PromotesConstant(Affine):
    def call(self, x):
        return ops.multiply(super().call(x), np.ones(self.units, "float32"))


@register
class SingleWeights(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.gain = self.add_weight(name="gain", shape=(self.units,), dtype="float32")

    def call(self, x):
        return super().call(x) * ops.cast(self.gain, self.compute_dtype)


@register
class GlobalSublayer(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        policy = keras.config.dtype_policy()
        self.inner = keras.layers.Dense(self.units, dtype=policy)
        self.inner.build((*input_shape[:-1], self.units))

    def call(self, x):
        return ops.cast(self.inner(super().call(x)), self.compute_dtype)


@register
class Cancels(Affine):
    def call(self, x):
        return (super().call(x) + 1e4) - 1e4


@register
class RoundsItsOutput(Affine):
    def call(self, x):
        return ops.cast(ops.cast(super().call(x), "float32"), self.compute_dtype)


@register
class NumpyInside(Affine):
    def call(self, x):
        y = self.affine(x)
        if isinstance(y, keras.KerasTensor):
            return y
        return ops.convert_to_tensor(np.tanh(ops.convert_to_numpy(y)))


@register
class KeepsFromBuild(Affine):
    def build(self, input_shape):
        super().build(input_shape)
        self.one = ops.ones((self.units,), self.compute_dtype)

    def call(self, x):
        return super().call(x) * self.one


@register
class BranchesOnBatch(Affine):
    def call(self, x):
        y = super().call(x)
        return y if x.shape[0] == 2 else 0.5 * y


@register
class AddsRows(Affine):
    def call(self, x):
        y = super().call(x)
        total = ops.zeros_like(y[:1])
        for row in range(x.shape[0] or 0):
            total = total + y[row : row + 1]
        return y + 0 * total


@register
class UnrolledRecurrence(Affine):
    def call(self, x):
        y = super().call(x)
        if x.shape[1] is None:
            return y
        found = [y[:, 0]]
        for step in range(1, x.shape[1]):
            found.append(ops.tanh(found[-1] + y[:, step]))
        return ops.stack(found, 1)


BROKEN = {
    "outputs_have_compute_dtype": [
        (case(AlwaysFloat32), "under mixed_float16, output 0 is float32"),
        (case(PromotesConstant), "under mixed_float16, output 0 is float32"),
    ],
    "variables_have_variable_dtype": [
        (case(HalfWeights), "under mixed_float16, the weight `gain` is float16"),
        (case(SingleWeights), "under float64, the weight `gain` is float32"),
    ],
    "sublayers_follow_the_policy": [
        (case(PolicylessSublayer), "computes in float32; expected is float16"),
        (case(GlobalSublayer), "computes in float32; expected is float16"),
    ],
    "values_are_close_to_float64": [
        (case(Overflows), "under mixed_float16, output 0 is far from float64's"),
        (case(Cancels), "under float32, output 0 is far from float64's"),
    ],
    "float64_keeps_its_digits": [
        (case(LosesDigits), "output 0 does not see a step of 1e-11"),
        (case(RoundsItsOutput), "output 0 does not see a step of 1e-11"),
    ],
    "global_policy_is_followed": [
        (case(FixedDtype), "variable dtypes are ['float32', 'float32']"),
        (case(AlwaysFloat32), "output 0 is float32"),
    ],
    "graph_agrees_with_eager": [
        (case(OtherInGraph), "as a graph, the layer computes something else"),
        (case(NumpyInside), "a graph of the layer raised"),
    ],
    "xla_agrees_with_eager": [
        (case(PythonInside), "compiling the layer with XLA raised"),
        (case(OtherInGraph), "under XLA, the layer computes something else"),
    ],
    "works_in_graph_then_eagerly": [
        (case(CachesTensor), "which is out of scope"),
        (case(KeepsFromBuild), "which is out of scope"),
    ],
    "one_trace_serves_every_batch": [
        (case(StaticBatch), "a graph that leaves the batch open raised"),
        (case(BranchesOnBatch), "one graph does not serve 1 times the batch"),
    ],
    "graph_does_not_grow_with_batch": [
        (case(LoopsOverRows), "with axis 0 4 times as long the graph has"),
        (case(AddsRows), "with axis 0 4 times as long the graph has"),
    ],
    "graph_does_not_grow_with_time": [
        (sequence(LoopsOverTime), "with axis 1 4 times as long the graph has"),
        (sequence(UnrolledRecurrence), "with axis 1 4 times as long the graph has"),
    ],
}
