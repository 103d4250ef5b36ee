"""A function's gradient against its formula: the wrong one, of each kind, is found."""

import pytest
from keras import ops

from layergen.testing import CheckFailure, check_gradient


def straight_through(sign):
    @ops.custom_gradient
    def function(x, scale):
        def grad(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            return sign * upstream, upstream * ops.sign(x)

        return ops.sign(x) * scale, grad

    return function


def formula(x, scale, upstream):
    return upstream, upstream * ops.sign(x)


def test_right_gradient():
    check_gradient(straight_through(1.0), formula, (3, 4), (3, 4))


def test_flipped_sign():
    with pytest.raises(CheckFailure, match="argument 0 is not its formula's"):
        check_gradient(straight_through(-1.0), formula, (3, 4), (3, 4))


def test_lost_gradient():
    with pytest.raises(
        CheckFailure, match="argument 0 (gets no gradient|is not its formula's)"
    ):
        check_gradient(
            lambda x, scale: ops.stop_gradient(x) * scale, formula, (3,), (3,)
        )


def test_constants():
    def formula_of_power(x, power, upstream):
        return upstream * power * x ** (power - 1)

    check_gradient(lambda x, power: x**power, formula_of_power, (3, 4), constants=(2,))


def test_another_gradient_on_the_edge_alone():
    @ops.custom_gradient
    def function(x):
        def grad(*args, upstream=None):
            if upstream is None:
                (upstream,) = args
            return upstream * ops.cast(ops.abs(x) < 1, x.dtype)

        return ops.clip(x, -1, 1), grad

    def formula_of_clip(x, upstream):
        return upstream * ops.cast(ops.abs(x) <= 1, x.dtype)

    with pytest.raises(CheckFailure, match="is not its formula's"):
        check_gradient(function, formula_of_clip, (3, 4))
