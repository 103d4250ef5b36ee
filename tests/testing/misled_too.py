"""More layers with a fault that invites a wrong mend, each with the layer mended."""

import keras
from keras import layers, ops

register = keras.saving.register_keras_serializable(package="misled_too")


class Dense(layers.Layer):
    """What the layers below are made from; some of them name it otherwise."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, name="kernel")

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class InPlaceOfCall(Dense):
    def __call__(self, x):
        if not self.built:
            self.build(x.shape)
            self.built = True
        return ops.matmul(x, self.kernel)


@register
class ForwardForCall(Dense):
    def forward(self, x):
        return ops.matmul(x, self.kernel)


@register
class NoCall(Dense):
    def compute(self, x):
        return ops.matmul(x, self.kernel)


@register
class Calls(Dense):
    def call(self, x):
        return ops.matmul(x, self.kernel)


@register
class GoesOn(Calls):
    """Does something around the call, and hands on to Keras'."""

    def __call__(self, x, *args, **kwargs):
        return super().__call__(ops.convert_to_tensor(x), *args, **kwargs)


@register
class MethodInConfig(Calls):
    def count(self):
        return self.units

    def get_config(self):
        return {**super().get_config(), "units": self.count}


@register
class ArgumentInConfig(MethodInConfig):
    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register
class LambdaInConfig(layers.Layer):
    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.activation = activation or (lambda x: 2.0 * x)

    def call(self, x):
        return self.activation(x)

    def get_config(self):
        return {**super().get_config(), "activation": self.activation}


@register
class NoneInConfig(layers.Layer):
    def __init__(self, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.given = activation
        self.function = activation or (lambda x: 2.0 * x)

    def call(self, x):
        return self.function(x)

    def get_config(self):
        return {**super().get_config(), "activation": self.given}


@register
class UncalledConfig(Calls):
    def get_config(self):
        return {**layers.Layer.get_config, "units": self.units}


@register
class ComparesAWeight(layers.Layer):
    def build(self, input_shape):
        self.bound = self.add_weight(shape=(input_shape[-1],), name="bound")

    def call(self, x):
        return ops.where(x > self.bound, x, ops.zeros_like(x))


@register
class ComparesItByAnotherName(ComparesAWeight):
    def call(self, x):
        bound = ops.cast(self.bound, x.dtype)
        return ops.where(x > bound, x, ops.zeros_like(x))


@register
class WeighsByADifference(ComparesAWeight):
    def call(self, x):
        return x * ops.sigmoid(x - self.bound)


@register
class SoftmaxOfMinusInfinity(layers.Layer):
    """Pools by scores; those of masked steps are no number of float16."""

    masked = -1e9

    def build(self, input_shape):
        self.query = self.add_weight(shape=(input_shape[-1], 1), name="query")
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return None

    def call(self, x, mask=None):
        scores = ops.squeeze(ops.matmul(x, self.query), -1)
        if mask is not None:
            scores = ops.where(mask, scores, self.masked)
        weights = ops.softmax(scores, axis=1)
        return ops.sum(weights[..., None] * x, axis=1)

    def get_config(self):
        return super().get_config()


@register
class SoftmaxOfNumbers(SoftmaxOfMinusInfinity):
    masked = -3e4


@register
class AddsMinusInfinity(SoftmaxOfMinusInfinity):
    """Minus infinity times zero is no number either."""

    def call(self, x, mask=None):
        scores = ops.squeeze(ops.matmul(x, self.query), -1)
        if mask is not None:
            scores = scores + (1.0 - ops.cast(mask, scores.dtype)) * -1e9
        weights = ops.softmax(scores, axis=1)
        return ops.sum(weights[..., None] * x, axis=1)


@register
class HiddenUnitsAlike(layers.Layer):
    """A hidden layer whose units are one and the same for ever."""

    start = "ones"

    def build(self, input_shape):
        width = input_shape[-1]
        self.up = self.add_weight((width, 4), self.start, name="up")
        self.down = self.add_weight((4, width), "ones", name="down")

    def call(self, x):
        return ops.matmul(ops.tanh(ops.matmul(x, self.up)), self.down)


@register
class HiddenUnitsApart(HiddenUnitsAlike):
    start = "glorot_uniform"


@register
class SharesAnInitializer(layers.Layer):
    def build(self, input_shape):
        shape = (input_shape[-1], 4)
        initializer = keras.initializers.GlorotUniform()
        self.gate = self.add_weight(shape, initializer, name="gate")
        self.value = self.add_weight(shape, initializer, name="value")

    def call(self, x):
        return ops.sigmoid(ops.matmul(x, self.gate)) * ops.matmul(x, self.value)


@register
class ClonesTheInitializer(SharesAnInitializer):
    def build(self, input_shape):
        shape = (input_shape[-1], 4)
        initializer = keras.initializers.GlorotUniform()
        self.gate = self.add_weight(shape, initializer.clone(), name="gate")
        self.value = self.add_weight(shape, initializer.clone(), name="value")


@register
class ClonesOneOfThem(SharesAnInitializer):
    """Keeps the initializer, and gives its clone to the second weight alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.initializer = keras.initializers.GlorotUniform()

    def build(self, input_shape):
        shape = (input_shape[-1], 4)
        self.gate = self.add_weight(shape, self.initializer, name="gate")
        self.value = self.add_weight(shape, self.initializer.clone(), name="value")

    def get_config(self):
        return super().get_config()


@register
class ZeroGate(HiddenUnitsApart):
    """Begins as the identity, which zeros of the last kernel alone make it."""

    def build(self, input_shape):
        super().build(input_shape)
        self.down.assign(ops.zeros_like(self.down))
        self.gain = self.add_weight((2, input_shape[-1]), "ones", name="gain")

    def call(self, x):
        halves = ops.stack([x, super().call(x)], axis=1)
        return ops.sum(halves * self.gain, axis=1)
