"""Layers whose weights keep a dtype of fewer digits than float64's."""

from __future__ import annotations

import keras
import pytest
from keras import ops

from layergen.testing import CHECKS, LayerCase
from layergen.testing.context import context_of
from layergen.testing.digits import digits_of
from layergen.testing.runner import result_of


class Scale(keras.layers.Layer):
    """Computes in the dtype of its weight, with a gradient of its own."""

    dtype_of_weight = "float32"
    slope = 2.0

    def build(self, input_shape):
        self.g = self.add_weight(
            name="g",
            shape=(input_shape[-1],),
            dtype=self.dtype_of_weight,
            autocast=False,
        )

    def call(self, x):
        @ops.custom_gradient
        def squared(y):
            def grad(*args, upstream=None):
                return (args[0] if upstream is None else upstream) * self.slope * y

            return y * y, grad

        y = ops.cast(x, self.dtype_of_weight) * ops.convert_to_tensor(self.g)
        return ops.cast(squared(y), x.dtype)


class Wrong(Scale):
    slope = 2.1


class Half(Scale):
    dtype_of_weight = "float16"


class Wide(Scale):
    """Takes its weight to the compute dtype."""

    dtype_of_weight = None

    def call(self, x):
        return x * ops.cast(self.g, x.dtype)


class Rounds(Wide):
    """Computes nothing in float32, and rounds to it all the same."""

    def call(self, x):
        return super().call(ops.cast(ops.cast(x, "float32"), x.dtype))


class Upcasts(Wide):
    """Computes in float32 whatever the policy."""

    slope = 1.0

    def call(self, x):
        @ops.custom_gradient
        def same(y):
            def grad(*args, upstream=None):
                return (args[0] if upstream is None else upstream) * self.slope

            return y + 0, grad

        wide = ops.cast(super().call(x), "float32")
        return ops.cast(same(ops.softmax(wide) * ops.tanh(wide)), x.dtype)


class WrongUpcast(Upcasts):
    slope = 1.1


class UpcastsAPart(Upcasts):
    """Adds what keeps all its digits."""

    def call(self, x):
        return x + super().call(x)


class WrongPart(UpcastsAPart):
    slope = 1.2


def case(layer_class) -> LayerCase:
    dtype = layer_class.dtype_of_weight
    own = {"g": dtype} if dtype else None
    return LayerCase(layer_class, {}, inputs={"x": (2, 3)}, dtypes=own)


def outcome(layer_class, check: str) -> str:
    result = result_of(CHECKS[check], case(layer_class))
    assert (
        result.outcome != "failed" or "at fault" not in result.message
    ), result.message
    return result.outcome


@pytest.mark.parametrize(
    ("layer_class", "digits"),
    [(Scale, "float32"), (Half, "float16"), (Wide, "float64")],
)
def test_digits(layer_class, digits: str) -> None:
    assert digits_of(context_of(case(layer_class))) == digits


@pytest.mark.parametrize(
    ("layer_class", "check", "wanted"),
    [
        (Scale, "gradient_equals_central_differences", "passed"),
        (Wrong, "gradient_equals_central_differences", "failed"),
        (Half, "gradient_equals_central_differences", "not applicable"),
        (Wide, "gradient_equals_central_differences", "passed"),
        (Scale, "second_order_gradient_is_right", "not applicable"),
        (Wide, "second_order_gradient_is_right", "passed"),
        (Scale, "float64_keeps_its_digits", "not applicable"),
        (Rounds, "float64_keeps_its_digits", "failed"),
        (Upcasts, "float64_keeps_its_digits", "not applicable"),
        (Upcasts, "gradient_equals_central_differences", "passed"),
        (Upcasts, "second_order_gradient_is_right", "not applicable"),
        (WrongUpcast, "gradient_equals_central_differences", "failed"),
        (UpcastsAPart, "gradient_equals_central_differences", "passed"),
        (UpcastsAPart, "second_order_gradient_is_right", "not applicable"),
        (WrongPart, "gradient_equals_central_differences", "failed"),
        (Wide, "float64_keeps_its_digits", "passed"),
    ],
)
def test_what_can_be_seen_is_checked(layer_class, check: str, wanted: str) -> None:
    assert outcome(layer_class, check) == wanted


def test_digits_lost_for_no_stated_weight_are_a_fault() -> None:
    unstated = LayerCase(Scale, {}, inputs={"x": (2, 3)})
    result = result_of(CHECKS["variables_have_variable_dtype"], unstated)
    assert result.outcome == "failed"
