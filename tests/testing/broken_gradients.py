"""Layers with one fault each, in gradients, and the checks that catch them."""

import keras
from broken_cases import case, custom, straight_through
from broken_shapes import UnusedWeight
from correct_layers import Affine
from keras import ops

register = keras.saving.register_keras_serializable(package="broken_gradients")


@register
class StopsKernel(Affine):
    def call(self, x):
        kernel = ops.stop_gradient(ops.convert_to_tensor(self.kernel))
        return self.activation(ops.matmul(x, kernel) + self.bias)


@register
class CountsAbove(Affine):
    """The counts are whole numbers, and all that rests on the threshold."""

    def build(self, input_shape):
        super().build(input_shape)
        self.threshold = self.add_weight(name="threshold", shape=())

    def call(self, x):
        above = ops.sum(ops.cast(x > self.threshold, "int32"), axis=-1)
        return super().call(x), above


@register
class ZeroGradient(Affine):
    def call(self, x):
        return super().call(x * 0 + ops.stop_gradient(x))


@register
class NanGradient(Affine):
    def call(self, x):
        logarithm = ops.where(x > 0, ops.log(ops.relu(x)), ops.zeros_like(x))
        return super().call(x + logarithm)


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
class RootOfZero(Affine):
    def call(self, x):
        return super().call(x + ops.sqrt(ops.relu(x)))


@register
class WrongSecondGradient(Affine):
    def call(self, x):
        slope = custom(lambda x: 2 * x, lambda x, upstream: 3 * upstream)
        square = custom(lambda x: x * x, lambda x, upstream: upstream * slope(x))
        return square(self.affine(x))


@register
class NormalizesUpstream(Affine):
    def call(self, x):
        same = custom(lambda x: x + 0, lambda x, g: g / ops.sqrt(ops.sum(g * g)))
        return same(self.affine(x))


@register
class ClippedStep(keras.layers.Layer):
    """A step function whose gradient is cut off beyond one half."""

    def call(self, x):
        def backward(x, upstream):
            return ops.where(ops.abs(x) < 0.5, upstream, ops.zeros_like(x))

        return custom(lambda x: ops.cast(x > 0, x.dtype), backward)(x)

    def compute_output_shape(self, input_shape):
        return input_shape


@register
class DecaysBackwards(Affine):
    passes = 0

    def call(self, x):
        def backward(x, upstream):
            self.passes += 1
            return upstream * 0.9**self.passes

        return custom(lambda x: x + 0, backward)(self.affine(x))


def passes_on(upstream, **_):
    return {"x": upstream}


BROKEN = {
    "everything_gets_a_gradient": [
        (case(UnusedWeight), "weight `unused` gets no gradient"),
        (
            case(StopsKernel),
            "weight `kernel` gets no gradient, though outputs change with it",
        ),
        (
            case(CountsAbove, outputs=None),
            "weight `threshold` gets no gradient, though outputs change with it",
        ),
        (case(ZeroGradient), "the gradient of input `x` is zero everywhere"),
    ],
    "gradients_are_finite": [
        (case(NanGradient), "the gradient of input `x` is not finite"),
        (case(RootOfZero), "the gradient of input `x` is not finite"),
    ],
    "gradient_equals_central_differences": [
        (case(TwiceTheGradient), "the output changes by"),
        (case(UphillGradient), "the output changes by"),
        (case(StopsKernel), "weight `kernel` the output changes by"),
    ],
    "second_order_gradient_is_right": [
        (case(FlatGradient), "but the second-order gradient says"),
        (case(WrongSecondGradient), "but the second-order gradient says"),
    ],
    "zero_upstream_gives_zero_gradient": [
        (case(ForgetsUpstream), "gradient of input `x` is not zero"),
        (case(NormalizesUpstream), "gradient of input `x` is not zero"),
    ],
    "gradient_has_its_arguments_shape_and_dtype": [
        (case(UnsummedBias), "weight `bias` has shape (7,)"),
        (case(Float32Gradient), "its gradient (2, 3) and float32"),
    ],
    "surrogate_gradient_equals_formula": [
        (case(TwiceTheGradient, gradient=straight_through), "the gradient of `bias`"),
        (case(ClippedStep, args={}, gradient=passes_on), "the gradient of `x`"),
    ],
    "backward_pass_is_deterministic": [
        (case(NoisyGradient), "give input `x` different gradients"),
        (case(DecaysBackwards), "give input `x` different gradients"),
    ],
}
