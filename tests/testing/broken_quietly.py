"""Layers whose fault an ordinary call does not show: at zero, in a config, in a loss."""

import keras
from broken_cases import affine, averages, case, mean, sequence
from correct_layers import Affine, MaskedMean
from correct_stateful import Penalty, RunningMean
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_quietly")


@register
class ForgetsBase(Affine):
    def get_config(self):
        config = super().get_config()
        return {name: config[name] for name in config if name != "trainable"}


@register
class TakesNoName(Affine):
    def __init__(self, units, **kwargs):
        kwargs.pop("name", None)
        super().__init__(units, **kwargs)


@register
class StopsLoss(Penalty):
    def add_loss(self, loss):
        super().add_loss(ops.stop_gradient(loss))


@register
class HalvesLossGradient(Penalty):
    def add_loss(self, loss):
        super().add_loss((loss + ops.stop_gradient(loss)) / 2)


@register
class OtherAtZeroInput(Affine):
    def call(self, x):
        zero = ops.any(ops.equal(x, 0), axis=-1, keepdims=True)
        return super().call(x) + ops.cast(zero, x.dtype)


@register
class OtherAtZeroWeight(Affine):
    def affine(self, x):
        kernel = ops.convert_to_tensor(self.kernel)
        sign = ops.where(ops.equal(kernel, 0), 1.0, kernel)
        return self.scale * ops.matmul(x, ops.cast(sign, x.dtype)) + self.bias


@register
class ReturnsMaskedInput(keras.layers.Layer):
    def call(self, x):
        return x


@register
class CountsItsCalls(Affine):
    """Remembers in Python how often it was called."""

    called = 0

    def call(self, x):
        self.called += 1
        return super().call(x) * self.called


@register
class DrawsFromNobody(Affine):
    def call(self, x):
        y = super().call(x)
        return y + keras.random.normal(ops.shape(y), dtype=y.dtype)


@register
class DoublesLoss(Penalty):
    def add_loss(self, loss):
        super().add_loss(2 * loss)


@register
class ForgetsMomentum(RunningMean):
    def new_mean(self, x):
        return super().new_mean(x) + (1 - self.momentum) * self.mean


@register
class CountsMaskedSteps(MaskedMean):
    def call(self, x, mask=None):
        if mask is None:
            return super().call(x)
        return ops.mean(x * ops.cast(mask, x.dtype)[..., None], axis=1)


@register
class SumsUnderMask(MaskedMean):
    def call(self, x, mask=None):
        if mask is None:
            return super().call(x)
        return ops.sum(x * ops.cast(mask, x.dtype)[..., None], axis=1)


def ignores_initializer(input_shape, units, kernel_initializer="zeros", dtype=None):
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, keras.layers.Dense(units, dtype=dtype)(inputs))


def penalized(x, kernel, bias, scale, add_loss, **_):
    y = affine(x, kernel, bias, scale)
    add_loss((y * y).mean())
    return y


def running_mean(x, mean, scale, gain, training, momentum=0.9, **_):
    if training:
        mean[...] = momentum * mean + (1 - momentum) * x.mean(axis=0)
        scale[...] = 0.5 * scale + 0.5
    return (x - mean) * scale * gain


@register
class TripsInEveryFifth(Affine):
    """It draws from what no variable holds, and seldom."""

    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.calls = iter(range(10**6))

    def affine(self, x):
        return super().affine(x) + (next(self.calls) % 5 == 4)


BROKEN = {
    "equals_reference_at_zeros": [
        (
            case(OtherAtZeroInput, reference=affine),
            "where inputs and weights are zero, the outputs",
        ),
        (case(OtherAtZeroWeight, reference=affine), "7 of 14 values differ"),
    ],
    "equal_calls_agree": [
        (case(CountsItsCalls), "two equal calls differ: 14 of 14 values"),
        (case(DrawsFromNobody), "two equal calls differ: 14 of 14 values"),
        (case(TripsInEveryFifth), "two equal calls differ: 14 of 14 values"),
    ],
    "training_equals_reference": [
        (
            case(DoublesLoss, losses=1, reference=penalized),
            "the losses: 1 of 1 values differ",
        ),
        (averages(ForgetsMomentum, reference=running_mean), "12 of 12 values differ"),
    ],
    "config_keeps_what_every_layer_has": [
        (case(ForgetsBase), "made with trainable=False, a clone"),
        (case(TakesNoName), "made with name='of_another_name', a clone"),
    ],
    "mask_is_passed_on": [
        (
            sequence(ReturnsMaskedInput, args={}, mask="pass"),
            "the output carries no mask",
        ),
    ],
    "initializer_takes_effect": [
        (
            case(ignores_initializer, args={"units": 7, "input_shape": (3,)}),
            "the weight `kernel` starts as 0.0242",
        ),
    ],
    "masked_end_is_as_no_end": [
        (mean(CountsMaskedSteps, mask="stop"), "0.05384175851941109 instead"),
        (mean(SumsUnderMask, mask="stop"), "0.26920878887176514 instead"),
    ],
    "losses_have_their_gradient": [
        (case(StopsLoss, losses=1), "its gradient says 0"),
        (case(HalvesLossGradient, losses=1), "its gradient says -0.218"),
    ],
}
