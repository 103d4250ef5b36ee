"""Layers with one fault each, in their values, and the checks that catch them."""

import keras
from broken_cases import affine, case, custom, dense
from broken_gradients import StopsKernel
from broken_shapes import UnusedWeight
from correct_layers import Affine
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_values")


@register
class Logarithm(Affine):
    def call(self, x):
        return ops.log(self.affine(x))


@register
class TwiceTheBias(Affine):
    def call(self, x):
        return self.activation(self.affine(x) + self.bias)


@register
class DividesByZero(Affine):
    def call(self, x):
        return 1 / ops.relu(self.affine(x))


@register
class IgnoresScale(Affine):
    def call(self, x):
        return self.activation(ops.matmul(x, self.kernel) + self.bias)


@register
class HalvesTheGradient(Affine):
    def call(self, x):
        return custom(lambda y: y + 0, lambda y, g: g / 2)(super().call(x))


BROKEN = {
    "outputs_are_finite": [
        (case(Logarithm), "values that are not finite, out of 14"),
        (case(DividesByZero), "values that are not finite, out of 14"),
    ],
    "equals_reference": [
        (case(TwiceTheBias, reference=affine), "the outputs are not the reference's"),
        (
            case(IgnoresScale, args={"units": 7, "scale": 2.0}, reference=affine),
            "the outputs are not the reference's",
        ),
    ],
    "equals_equivalent": [
        (case(TwiceTheBias, equivalent=dense), "Dense computes something else"),
        (case(UnusedWeight, equivalent=dense), "[(3, 7), (7,), (3,)], those of"),
    ],
    "gradients_equal_those_of_equivalent": [
        (case(StopsKernel, equivalent=dense), "another gradient: output 1"),
        (case(HalvesTheGradient, equivalent=dense), "another gradient: output 0"),
    ],
}
