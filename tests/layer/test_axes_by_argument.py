"""Axes that arguments choose are held to the input's rank, and variables lie along them."""

from __future__ import annotations

import json
from typing import Any

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import laid_out, render

SPEC = """\
layer: Scaled
args:
  axis: {type: AXES, axis_of: x}
inputs: [batch, ...]
outputs: [batch, ...]
weights:
  scale: {along: axis, initializer: ones}
forward: x * scale + ops.mean(x, axis=axis, keepdims=True)
"""


def layer_class(axes: str = '"int | list[int]"') -> type[keras.layers.Layer]:
    reading = read_spec(SPEC.replace("AXES", axes), "scaled.yaml", "scaled")
    assert reading.spec, reading.problems
    scope: dict = {}
    exec(render(reading.spec)["scaled.py"], scope)
    return scope["Scaled"]


# spec: args-axes, weights-along
@pytest.mark.parametrize("axis", [-1, 1, 0, [1], [2, 1], [-1, 1], (-2, 0), [0, 1, 2]])
def test_positions_are_those_of_numpy(axis: int | list[int]) -> None:
    shape = (2, 3, 4)
    layer = layer_class()(axis)
    layer.build(shape)
    axes = sorted(np.lib.array_utils.normalize_axis_tuple(axis, 3))
    assert layer.scale.shape == tuple(shape[one] for one in axes)
    values = np.random.default_rng(0).normal(size=layer.scale.shape)
    layer.scale.assign(values)
    x = np.random.default_rng(1).normal(size=shape).astype("float32")
    wide = values
    for one in range(3):
        wide = wide if one in axes else np.expand_dims(wide, one)
    expected = x * wide + x.mean(axis=tuple(axes), keepdims=True)
    np.testing.assert_allclose(np.array(layer(x)), expected, rtol=1e-5, atol=1e-6)


# spec: args-axes
@pytest.mark.parametrize("axis", [3, -4, [0, 3], [1, 1], [1, -2], [-1, 2]])
def test_axes_that_the_input_has_not_are_refused_at_build(axis: object) -> None:
    layer = layer_class()(axis)
    with pytest.raises(
        ValueError, match="must be different axes of an input of 3 axes"
    ):
        layer.build((2, 3, 4))


# spec: args-axes
def test_one_axis_is_a_number() -> None:
    made = layer_class("int")
    layer = made(-2)
    layer.build((None, 3, 4))
    assert layer.scale.shape == (3,) and layer.get_config()["axis"] == -2
    for axis, match in ((3, "must be an axis of an input of 3 axes"), (0, "the sizes")):
        with pytest.raises(ValueError, match=match):
            made(axis).build((None, 3, 4))


# spec: args-axes
def test_the_rank_and_the_sizes_stay() -> None:
    layer = layer_class()(-1)
    layer(np.ones((2, 3, 4), "float32"))
    for shape in ((2, 4), (2, 3, 5)):
        with pytest.raises(ValueError, match="incompatible"):
            layer(np.ones(shape, "float32"))


# spec: args-axes, args-numpy
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (np.int64(-1), -1),
        (np.array(1), 1),
        (np.array([1, 2]), [1, 2]),
        ((np.int32(1), 2), [1, 2]),
    ],
)
def test_numbers_of_numpy_are_kept_as_those_of_python(
    given: object, kept: object
) -> None:
    layer = layer_class()(given)
    layer.build((2, 3, 4))
    assert json.loads(json.dumps(layer.get_config()))["axis"] == kept
    assert type(layer).from_config(layer.get_config()).axis == kept


@pytest.mark.parametrize("given", [np.bool_(True), np.float32(1.0), np.array([True])])
def test_other_numbers_of_numpy_are_refused(given: object) -> None:
    with pytest.raises(ValueError, match="`axis` must be"):
        layer_class()(given)


# spec: functional-refused
def test_a_model_has_no_axes_by_argument() -> None:
    text = SPEC.replace("AXES", "int").replace("inputs:", "style: functional\ninputs:")
    with pytest.raises(SpecError) as raised:
        laid_out(read_spec(text, "scaled.yaml").spec)
    assert "LG606" in {problem.code for problem in raised.value.problems}


JOINED = """\
layer: Moved
args: {axis: {type: int, axis_of: x}}
inputs_as: KIND
inputs: {x: [batch, ...], y: [batch, ...]}
outputs_as: list
outputs: {scaled: [batch, ...], size: any}
weights: {scale: {along: axis, initializer: ones}}
states: {total: {along: axis, initializer: ones}}
forward: |
  scaled = x * scale + y * total
  total *= 0.5
  return scaled + total, ops.ones(()) * x.shape[axis]
"""


# spec: args-axes, weights-along, inputs-as, outputs-as
@pytest.mark.parametrize("kind", ["list", "dict"])
def test_axes_of_what_comes_in_one_structure(kind: str) -> None:
    reading = read_spec(JOINED.replace("KIND", kind), "moved.yaml", "moved")
    assert reading.spec, reading.problems
    scope: dict[str, Any] = {}
    exec(render(reading.spec)["moved.py"], scope)
    layer = scope["Moved"](1)

    def together(x: Any, y: Any) -> Any:
        return [x, y] if kind == "list" else {"x": x, "y": y}

    layer.build(together((None, 3, 4), (None, 3, 4)))
    numbers = np.random.default_rng(0)
    x, y = numbers.normal(size=(2, 2, 3, 4)).astype("float32")
    scale, total = numbers.normal(size=(2, 3)).astype("float32")
    layer.scale.assign(scale)
    layer.total.assign(total)
    scaled, size = layer(together(x, y))
    expected = np.zeros_like(x)
    for row, at, column in np.ndindex(x.shape):
        place = row, at, column
        expected[place] = x[place] * scale[at] + y[place] * total[at] + total[at] / 2
    np.testing.assert_allclose(scaled, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(layer.total, total / 2, rtol=1e-6)
    assert float(size) == 3
    for wrong in ((2, 1, 4), (2, 3)):
        with pytest.raises(ValueError, match="incompatible"):
            layer(together(np.ones(wrong), np.ones(wrong)))
