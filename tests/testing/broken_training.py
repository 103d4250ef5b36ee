"""Layers with one fault each, in training, and the checks that catch them."""

import keras
import tensorflow as tf
from broken_cases import averages, case, custom
from broken_gradients import UphillGradient
from broken_running import PythonInside
from broken_states import UpdatesAlways
from correct_layers import Affine
from keras import ops
from misled import Assigns

register = keras.saving.register_keras_serializable(package="broken_training")


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
class RootOfOutput(Affine):
    """Has no finite gradient where its output is negative."""

    def call(self, x):
        y = super().call(x)
        return y + ops.sqrt(ops.relu(y))


@register
class StopsEverything(Affine):
    def call(self, x):
        return ops.stop_gradient(super().call(x))


@register
class PythonInBackward(Affine):
    def call(self, x):
        def backward(x, upstream):
            same = tf.numpy_function(lambda g: g, [upstream], upstream.dtype)
            same.set_shape(upstream.shape)
            return same

        return custom(lambda x: x + 0, backward)(self.affine(x))


@register
class CallsItOtherwise(Affine):
    def call(self, x, is_training=None):
        y = super().call(x)
        return 0.5 * y if is_training else y


@register
class SecretSublayer(Affine):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.dropout = keras.layers.Dropout(0.5, seed=1, dtype=self.dtype_policy)

    def call(self, x, training=None):
        return self.dropout(super().call(x), training=training)


@register
class UnitNorm(keras.layers.Wrapper):
    """Splits the kernel of a layer into its length and its direction.

    The second of two calls on the same weights changes nothing.
    """

    def build(self, input_shape):
        super().build(input_shape)
        shape = self.layer.kernel.shape
        self.g = self.add_weight(shape=shape[-1:], initializer="ones", name="g")
        self.v = self.add_weight(shape=shape, name="v")

    def call(self, x):
        norm = ops.sqrt(ops.sum(ops.square(self.v), axis=0))
        self.layer.kernel.assign(self.v / norm * self.g)
        return self.layer(x)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


BROKEN = {
    "fit_lowers_the_loss": [
        (case(UphillGradient), "20 steps of fit take the loss from"),
        (case(RootOfOutput), "to nan, on targets that the layer itself computed"),
        (case(StopsEverything), "fit without XLA raised"),
    ],
    "fit_with_xla_lowers_the_loss": [
        (case(PythonInside), "fit with XLA raised"),
        (case(PythonInBackward), "fit with XLA raised"),
    ],
    "frozen_layer_does_not_move": [
        (case(NeverFrozen), "with trainable=False, ["),
        (case(MovesInTraining), "with trainable=False, training steps change a weight"),
    ],
    "training_differs_from_inference": [
        (case(IgnoresTraining, training=True), "training=True changes neither"),
        (case(CallsItOtherwise, training=True), "training=True changes neither"),
    ],
    "training_equals_inference": [
        (case(SecretDropout), "training=True changes the outputs"),
        (case(SecretSublayer), "training=True changes the outputs"),
    ],
    "calls_leave_trained_weights": [
        (case(Assigns, args={}), "assigns to the trainable weight `kernel`.\n`self."),
        (
            case(UnitNorm, args={"layer": keras.layers.Dense(4)}),
            "assigns to the trainable weight `dense/kernel`.\n`self.layer.kernel.assign`",
        ),
    ],
    "inference_changes_no_weight": [
        (case(MovesAlways), "at inference changes the weight `calls`"),
        (averages(UpdatesAlways), "at inference changes the weight `mean`"),
    ],
}
