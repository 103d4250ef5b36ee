"""No check raises a false alarm on our own correct layers."""

from dataclasses import replace

import correct_layers as correct
import correct_stateful as stateful
import keras
import numpy as np
from keras import layers

from layergen.testing import LayerCase, Method, parametrize_checks


@keras.saving.register_keras_serializable(package="test_correct_layers")
class InTestModule(correct.Affine):
    """A layer defined in a test module, which only its file leads to."""


def affine(x, kernel, bias, scale, units, **_):
    rows = [[row @ kernel[:, i] for i in range(units)] for row in x]
    return np.tanh(scale * np.array(rows) + bias)


def mixed(query, value, left_kernel, left_bias, right_kernel, right_bias, **_):
    right = (value @ right_kernel + right_bias).mean(1, keepdims=True)
    both = query @ left_kernel + left_bias + right
    return both, both.argmax(-1)


def dense(units, **_):
    return layers.Dense(units, activation="tanh")


def affine_of(units, **_):
    return correct.Affine(units)


def straight_through(upstream, **_):
    return {"x": upstream}


OURS = [
    LayerCase(
        correct.Affine,
        {"units": 7},
        {"x": (2, 3)},
        (2, 7),
        weights={"kernel": (3, 7), "bias": (7,)},
        mask="pass",
        equivalent=dense,
        reference=affine,
    ),
    LayerCase(InTestModule, {"units": 7}, {"x": (2, 5, 3)}, (2, 5, 7), unknown=(0, 1)),
    LayerCase(
        correct.Affine,
        {"units": 4, "scale": 2.5, "activation": "relu"},
        {"x": np.linspace(-1, 1, 12).reshape(4, 3)},
        (4, 4),
    ),
    LayerCase(correct.CustomSwish, {"units": 7}, {"x": (2, 3)}, (2, 7)),
    LayerCase(
        correct.Scored,
        {"units": 7},
        {"x": (2, 3)},
        methods={"score": Method({"h": (2, 3)}, outputs=(2, 7)), "length": Method()},
        strict=True,
    ),
    LayerCase(
        correct.Shifted, {}, {"x": (2, 3)}, (2, 3), scalars={"start": (3, 0, -1)}
    ),
    LayerCase(
        correct.MaskedMean,
        {},
        {"x": (2, 5, 3)},
        (2, 3),
        weights={},
        mask="stop",
        unknown=(0, 1),
    ),
    LayerCase(
        correct.Mix,
        {"units": 6},
        {"query": (2, 5, 3), "value": (2, 7, 4)},
        ((2, 5, 6), (2, 5)),
        training=True,
        reference=mixed,
        unknown=(0, 1),
    ),
    LayerCase(
        correct.Joined,
        {},
        {"query": (2, 5, 3), "value": (2, 4, 3)},
        {"sum": (2, 3), "first": (2, 3)},
        inputs_as="dict",
        mask="stop",
        unknown=(0, 1),
    ),
    LayerCase(
        correct.Wrapper,
        {"inner": layers.Dense(4), "shift": [1.0, 2.0, 3.0, 4.0]},
        {"x": (2, 3)},
        (2, 4),
    ),
    LayerCase(correct.Step, {}, {"x": (2, 3)}, (2, 3), gradient=straight_through),
    LayerCase(correct.Grid, {}, {"x": (4, 3)}, ((4, 3), (4, 3)), gradient=None),
    LayerCase(
        correct.two_dense,
        {"input_shape": (3,), "units": 7},
        {"left": (2, 3), "right": (2, 3)},
        (2, 7),
    ),
    LayerCase(
        correct.one_dense,
        {"input_shape": (3,), "units": 7},
        {"x": (2, 3)},
        (2, 7),
        equivalent=affine_of,
    ),
]


def centred(x, mean, scale, gain, momentum, **_):
    assert momentum == 0.9
    return (x - mean) * scale * gain


def meeting(query, value, extra, factor=1.0, **_):
    extra = 0.0 if extra is None else extra.mean(1, keepdims=True)
    return query + factor * value.mean(1, keepdims=True) + extra


def stateful_case(layer, args, inputs, outputs, **stated):
    return LayerCase(layer, args, {"x": inputs}, outputs, **stated)


QUERIES = {"query": (2, 5, 3), "value": (2, 7, 3)}
STATEFUL = [
    stateful_case(
        stateful.RunningMean,
        {},
        (4, 3),
        (4, 3),
        training=True,
        weights={"gain": (3,)},
        states={"mean": (3,), "scale": (3,), "count": ()},
        reference=centred,
    ),
    stateful_case(
        stateful.Carry,
        {},
        (2, 3),
        (2, 3),
        states={"carry": (2, 3)},
        unknown=(),
        reference=lambda x, carry, **_: x + 0.5 * carry,
    ),
    stateful_case(stateful.Noise, {"units": 7}, (2, 3), (2, 7), training=True),
    stateful_case(stateful.AlwaysNoise, {"units": 7, "seed": 5}, (2, 3), (2, 7)),
    stateful_case(stateful.Penalty, {"units": 7}, (2, 3), (2, 7), losses=1),
    stateful_case(
        stateful.EveryOther,
        {},
        (2, 5, 3),
        (2, 3, 3),
        mask=lambda mask, x: mask[:, ::2],
        unknown=(0, 1),
    ),
    LayerCase(
        stateful.Meets,
        {},
        {**QUERIES, "extra": None},
        (2, 5, 3),
        call_args={"factor": 0.5},
        mask="pass",
        unknown=(0, 1),
        reference=meeting,
    ),
    LayerCase(
        stateful.Meets,
        {},
        {**QUERIES, "extra": (2, 4, 3)},
        (2, 5, 3),
        mask="pass",
        reference=meeting,
    ),
    stateful_case(
        stateful.Cell,
        {"units": 4},
        (2, 5, 3),
        (2, 5, 4),
        weights={"kernel": (3, 4), "recurrent": (4, 4), "spread": (4, 5)},
        states={"h": (4,), "c": (5,)},
        unknown=(0, 1),
        reference=stateful.cell_step,
    ),
]


def strictly(cases):
    return [replace(one, strict=True) for one in cases]


@parametrize_checks(strictly(OURS))
def test_our_layers(case, check):
    check(case)


@parametrize_checks(strictly(STATEFUL))
def test_stateful_layers(case, check):
    check(case)
