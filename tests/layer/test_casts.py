"""What Keras learns of a layer by going through `call` itself, and what calls want."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.rendering import render

HEAD = """\
layer: Made
args: {strides: "list[int] = [1]", biased: bool = True}
inputs: [batch, time, d]
weights:
  kernel: [2, d, 3]
  bias: {shape: [3], when: biased}
"""
FORWARDS = {
    "alone": "ops.conv(x, kernel, strides=strides)",
    "an operand": "ops.conv(x, kernel, strides=strides) + bias",
    "in a branch": "|\n  y = ops.conv(x, kernel, strides=strides)\n"
    "  return y + (bias if biased else 0)",
    "asked for": "|\n  y = ops.conv(x, kernel, strides=strides)\n"
    "  return y if bias is None else y + bias",
}


def made(forward: str):
    reading = read_spec(f"{HEAD}forward: {forward}\n", "made.yaml", "made")
    assert reading.spec, reading.problems
    scope: dict = {}
    exec(render(reading.spec)["made.py"], scope)
    return scope["Made"]


@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("form", FORWARDS)
def test_the_outputs_are_told_outside_of_a_call(form: str, biased: bool) -> None:
    if form == "an operand" and not biased:
        return
    layer = made(FORWARDS[form])(biased=biased, dtype="mixed_float16")
    y = layer(np.ones((2, 5, 4), "float32"))
    told = layer.compute_output_spec(keras.KerasTensor((2, 5, 4), dtype="float16"))
    assert (told.shape, told.dtype) == ((2, 4, 3), "float16")
    assert (tuple(y.shape), keras.backend.standardize_dtype(y.dtype)) == (
        (2, 4, 3),
        "float16",
    )


@pytest.mark.parametrize("form", ["alone", "an operand"])
def test_wrappers_are_told_too(form: str) -> None:
    wrapped = keras.layers.TimeDistributed(made(FORWARDS[form])())
    assert wrapped(keras.Input((6, 5, 4))).shape == (None, 6, 4, 3)
    assert made(FORWARDS[form])(strides=[2]).compute_output_shape((None, 5, 4)) == (
        None,
        2,
        3,
    )


def test_several_shapes_are_told() -> None:
    text = (
        "layer: Made\nargs: {strides: 'list[int] = [2]'}\ninputs:\n"
        "  xs: {shape: [batch, time, d], many: true}\n  k: {shape: [batch, _], optional: true}\n"
        "forward: (ops.max_pool(xs[0], strides), ops.max_pool(xs[1], 1))\n"
    )
    scope: dict = {}
    exec(render(read_spec(text, "made.yaml", "made").spec)["made.py"], scope)
    shapes = scope["Made"]().compute_output_shape([(2, 4, 3), (2, 4, 3)], (2, 5))
    assert shapes == ((2, 2, 3), (2, 4, 3))


@pytest.mark.parametrize("strides", ["strides", "[2, 2]", "(2, 2)"])
def test_lists_are_tuples_where_keras_takes_no_lists(strides: str) -> None:
    text = (
        "layer: Made\nargs: {strides: 'list[int] = [2, 2]'}\ninputs: [batch, a, b, 2]\n"
        "weights: {kernel: [2, 2, 2, 1]}\n"
        f"forward: ops.depthwise_conv(x, kernel, strides={strides})\n"
    )
    scope: dict = {}
    exec(render(read_spec(text, "made.yaml", "made").spec)["made.py"], scope)
    layer = scope["Made"](kernel_initializer="ones")
    y = layer(np.ones((1, 4, 4, 2), "float32"))
    np.testing.assert_allclose(y, np.full((1, 2, 2, 2), 4.0))
