"""Layers with one fault each, in states, randomness, masks, losses or cells."""

import keras
import numpy as np
import tensorflow as tf
from correct_layers import Affine
from correct_stateful import Carry, Cell, EveryOther, Meets, Noise, Penalty, RunningMean
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_stateful")


@register
class TrainedState(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self.mean.trainable = True
        self._untrack_variable(self.mean)
        self._track_variable(self.mean)


@register
class SecretState(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self.secret = self.add_weight(
            name="secret", shape=(), initializer="zeros", trainable=False
        )

    def call(self, x, training=None):
        if training:
            self.secret.assign_add(1.0)
        return super().call(x, training=training)


@register
class NeverUpdated(RunningMean):
    def call(self, x, training=None):
        mean = self.new_mean(x) if training else self.mean
        if training:
            self.scale.assign(0.5 * self.scale + 0.5)
            self.count.assign_add(1)
        scale = ops.cast(self.scale, x.dtype) * ops.cast(self.gain, x.dtype)
        return (x - ops.cast(mean, x.dtype)) * scale


@register
class UpdatesEagerly(RunningMean):
    def call(self, x, training=None):
        return super().call(x, training=training and tf.executing_eagerly())


@register
class CountsInPython(RunningMean):
    steps = 0

    def call(self, x, training=None):
        y = super().call(x, training=training)
        if training:
            self.steps += 1
            self.count.assign(self.steps)
        return y


@register
class UpdatesAlways(RunningMean):
    def call(self, x, training=None):
        return super().call(x, training=True)


@register
class ForgetsStates(RunningMean):
    def save_own_variables(self, store):
        store["0"] = self.gain

    def load_own_variables(self, store):
        self.gain.assign(store["0"])


@register
class ResetsToZero(RunningMean):
    def reset_state(self):
        super().reset_state()
        self.mean.assign(ops.zeros(self.mean.shape))


@register
class RepeatsRandom(RunningMean):
    def reset_state(self):
        super().reset_state()
        fresh = self.scale_initializer
        self.scale.assign(fresh(self.scale.shape, dtype=self.scale.dtype))


@register
class ResetsWeights(RunningMean):
    def reset_state(self):
        super().reset_state()
        self.gain.assign(0.5 * self.gain)


@register
class AnyBatch(Carry):
    def build(self, input_shape):
        super().build((input_shape[0] or 1, *input_shape[1:]))
        self.input_spec = None


@register
class UnclearAboutBatch(Carry):
    def build(self, input_shape):
        if input_shape[0] is None:
            raise ValueError("unsupported shape")
        super().build(input_shape)


@register
class Drifts(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self._untrack_variable(self.mean)
        self.mean = self.add_weight(
            name="mean", shape=(input_shape[-1],), initializer="ones", trainable=False
        )


@register
class CountsReplicas(RunningMean):
    def build(self, input_shape):
        super().build(input_shape)
        self._untrack_variable(self.count)
        self.count = self.add_weight(
            name="count",
            shape=(),
            initializer="zeros",
            dtype="int32",
            trainable=False,
            aggregation="sum",
        )


@register
class RunsOnReplicas(Carry):
    def refuse_replicas(self):
        pass


@register
class FixedSeed(Noise):
    def noise(self, y):
        shape, dtype = ops.shape(y), self.compute_dtype
        return y + keras.random.normal(shape, dtype=dtype, seed=self.seed or 1)


@register
class NumpyNoise(Noise):
    def noise(self, y):
        drawn = np.random.standard_normal(self.units)
        return y + ops.cast(drawn, self.compute_dtype)


@register
class IgnoresSeed(Noise):
    def __init__(self, units, seed=None, **kwargs):
        super().__init__(units, seed=seed, **kwargs)
        self.seed_generator = keras.random.SeedGenerator(7)


@register
class GlobalGenerator(Noise):
    def noise(self, y):
        return y + keras.random.normal(ops.shape(y), dtype=self.compute_dtype)


@register
class DrawsInVain(Noise):
    def call(self, x, training=None):
        y = Affine.call(self, x)
        noisy = self.noise(y)
        return noisy if training else y


@register
class NoisyPredictions(Noise):
    def call(self, x, training=None):
        noisy = self.noise(Affine.call(self, x))
        return noisy if training else 0.5 * noisy


class Box:
    """An object that Keras does not look into."""

    def __init__(self, content):
        self.content = content


@register
class HiddenGenerator(Noise):
    def __init__(self, units, seed=None, **kwargs):
        super().__init__(units, seed=seed, **kwargs)
        self.box = Box(keras.random.SeedGenerator(self.seed))

    def noise(self, y):
        drawn = keras.random.normal(
            ops.shape(y), dtype=self.compute_dtype, seed=self.box.content
        )
        return y + drawn


@register
class ForgetsSeed(Noise):
    def get_config(self):
        return {**super().get_config(), "seed": None}


@register
class WholeMask(EveryOther):
    def compute_mask(self, inputs, mask=None):
        return mask


@register
class InventsMask(EveryOther):
    def compute_mask(self, inputs, mask=None):
        if mask is None:
            return ops.ones(ops.shape(inputs)[:2], "bool")[:, ::2]
        return mask[:, ::2]


@register
class TrustsKeras(Meets):
    def call(self, query, value=None, query_mask=None, value_mask=None):
        y = query + self.mean(query, query_mask)
        return y if value is None else y + self.mean(value, value_mask)


@register
class AddsTwice(Penalty):
    def call(self, x):
        y = super().call(x)
        self.add_loss(ops.mean(ops.square(y)))
        return y


@register
class ForgetsLoss(Penalty):
    def add_loss(self, loss):
        pass


@register
class InfiniteLoss(Penalty):
    def add_loss(self, loss):
        super().add_loss(loss / 0.0)


@register
class AddsEagerly(Penalty):
    def add_loss(self, loss):
        super().add_loss(loss if tf.executing_eagerly() else 2 * loss)


@register
class KeepsLosses(Penalty):
    kept = ()

    def add_loss(self, loss):
        self.kept = (*self.kept, loss)

    @property
    def losses(self):
        return list(self.kept)


@register
class TrustsPython(Cell):
    calls = 0

    def call(self, inputs, states, training=None):
        self.calls += 1
        output, states = super().call(inputs, states)
        return output * self.calls, states


@register
class HalfAState(Cell):
    def call(self, inputs, states, training=None):
        output, (h, c) = super().call(inputs, states)
        return output, [ops.cast(h, "float32"), c]


@register
class WrongOutputSize(Cell):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.output_size = units + 1


@register
class SwapsStates(Cell):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.state_size = self.state_size[::-1]

    def get_initial_state(self, batch_size=None):
        return super().get_initial_state(batch_size)[::-1]

    def call(self, inputs, states, training=None):
        output, following = super().call(inputs, states[::-1])
        return output, following[::-1]


@register
class RemembersElsewhere(Cell):
    def build(self, input_shape):
        super().build(input_shape)
        self.steps = self.add_weight(
            name="steps", shape=(), initializer="zeros", trainable=False
        )

    def call(self, inputs, states, training=None):
        self.steps.assign_add(1.0)
        output, states = super().call(inputs, states)
        return output * ops.cast(self.steps, output.dtype), states


@register
class TwiceTheState(Cell):
    def call(self, inputs, states, training=None):
        h, c = states
        return super().call(inputs, [2 * h, c])


def with_custom_layer(input_shape, units, name=None, dtype=None):
    """A functional model of a layer that is not Keras' own."""
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, Affine(units, dtype=dtype)(inputs), name=name)
