"""Layers with one fault each: an argument without effect, functions that are one, weights
and counts that a call spoils, weights that begin equal, and the checks that catch them.
"""

import keras
import misled_too as too
from broken_cases import averages, case, mean, sequence
from correct_layers import Affine, MaskedMean
from correct_stateful import RunningMean
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_effects")


@register
class KeepsItsBias(keras.layers.Layer):
    """A bias that is made whatever is said; and used."""

    def __init__(self, units, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.use_bias = use_bias

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units)
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,))

    def call(self, x):
        return ops.matmul(x, self.kernel) + self.bias

    def get_config(self):
        return {**super().get_config(), "units": self.units, "use_bias": self.use_bias}


@register
class IdleBias(KeepsItsBias):
    """A bias that is made whatever is said, and used only sometimes."""

    def call(self, x):
        y = ops.matmul(x, self.kernel)
        return y + self.bias if self.use_bias else y


@register
class ConstrainsNothing(KeepsItsBias):
    def __init__(self, units, kernel_constraint=None, **kwargs):
        super().__init__(units, **kwargs)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)

    def build(self, input_shape):
        self.real = self.add_weight(name="real", shape=(input_shape[-1], self.units))

    def call(self, x):
        return ops.matmul(x, self.real)

    def get_config(self):
        constraint = keras.constraints.serialize(self.kernel_constraint)
        return {**super().get_config(), "kernel_constraint": constraint}


@register
class PicksTheLast(keras.layers.Layer):
    """Means of parts of the features, each by a function that is made in a loop."""

    def __init__(self, cuts, **kwargs):
        super().__init__(**kwargs)
        self.cuts = list(cuts)
        self.pickers = []
        for start, end in zip(self.cuts, self.cuts[1:], strict=False):
            self.pickers.append(lambda x: x[..., start:end])  # noqa: B023

    def call(self, x):
        parts = [ops.mean(pick(x), axis=-1, keepdims=True) for pick in self.pickers]
        return ops.concatenate(parts, axis=-1)

    def get_config(self):
        return {**super().get_config(), "cuts": self.cuts}


@register
class LambdasOfTheLast(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.parts = [
            keras.layers.Lambda(
                lambda x: x * number, dtype=self.dtype_policy  # noqa: B023
            )
            for number in range(units)
        ]

    def call(self, x):
        return sum(part(x) for part in self.parts)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class NormsItsKernel(Affine):
    def call(self, x):
        self.kernel.assign(ops.normalize(self.kernel, axis=0))
        return super().call(x)


@register
class ShrinksInTraining(Affine):
    def call(self, x, training=False):
        if training:
            self.bias.assign(0.9 * self.bias)
        return super().call(x)


@register
class HandsItsMaskOn(MaskedMean):
    def compute_mask(self, inputs, mask=None):
        return mask


@register
class MaskOfFeatures(Affine):
    def compute_mask(self, inputs, mask=None):
        return None if mask is None else mask[:, :-1]


@register
class CountsInBfloat16(RunningMean):
    """Counts samples in the compute dtype."""

    def call(self, x, training=None):
        if training:
            batch = ops.cast(ops.shape(x)[0], self.compute_dtype)
            self.count.assign_add(ops.cast(batch, "int32"))
        return super().call(x, training=training)


@register
class SumsInBfloat16(RunningMean):
    """Adds to the count in the compute dtype."""

    def call(self, x, training=None):
        y = super().call(x, training=training)
        if training:
            ones = ops.sum(ops.ones_like(x[:, 0]))
            self.count.assign(ops.cast(self.count + ops.cast(ones, "int32"), "int32"))
        return y


BROKEN = {
    "weights_begin_apart": [
        (case(too.HiddenUnitsAlike, args={}), "the 4 parts of `up` along axis 1"),
        (case(too.SharesAnInitializer, args={}), "`gate` and `value` begin with"),
    ],
    "fully_masked_row_has_values": [
        (mean(too.SoftmaxOfMinusInfinity, mask="stop"), "under mixed_float16 a sample"),
        (mean(too.AddsMinusInfinity, mask="stop"), "under mixed_float16 a sample"),
    ],
    "config_survives_json": [
        (case(too.MethodInConfig), "holds the method `MethodInConfig.count`"),
        (case(too.LambdaInConfig, args={}), "holds a lambda under"),
    ],
    "switch_takes_effect": [
        (case(KeepsItsBias), "with use_bias=False there is a weight `bias`"),
        (case(IdleBias), "with use_bias=False there is a weight `bias`"),
    ],
    "constraint_takes_effect": [
        (case(ConstrainsNothing), "with kernel_constraint=MaxNorm no weight has"),
    ],
    "kept_functions_differ": [
        (case(PicksTheLast, args={"cuts": [0, 1, 3]}), "both read `end` and `start`"),
        (case(LambdasOfTheLast), "both read `number`"),
    ],
    "calls_leave_trained_weights": [
        (case(NormsItsKernel), "a call assigns to the trainable weight `kernel`"),
        (case(ShrinksInTraining, training=True), "trainable weight `bias`"),
    ],
    "masks_fit_their_outputs": [
        (sequence(HandsItsMaskOn, args={}, mask="stop"), "a mask of shape (2, 5)"),
        (sequence(MaskOfFeatures, mask="pass"), "carries a mask of shape (2, 4)"),
    ],
    "integer_states_are_exact": [
        (averages(CountsInBfloat16), "`count` differs"),
        (averages(SumsInBfloat16), "`count` differs"),
    ],
}
