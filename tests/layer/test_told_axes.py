"""Axes that an input must have, or whose size must be known, for what the code does."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layergen.loading import read_spec
from layergen.rendering import render

SORTS = """\
layer: Made
args: {axis: int = -1}
inputs: [batch, ...]
forward: |
  FORWARD
"""
SCANS = """\
layer: Made
inputs: [batch, time, features]
forward: |
  a = ops.transpose(x, (1, 0, 2))
  add = lambda c, one: (c + one[0] * one[1], c)
  return ops.scan(add, a[0], (a, 2 * a))[0]
"""


def made(text: str, **arguments: Any) -> Any:
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    names: dict[str, Any] = {"__name__": "made"}
    exec(render(reading.spec, "class")["made.py"], names)
    return names["Made"](**arguments)


@pytest.mark.parametrize(("axis", "shapes"), [(2, [(4,), (4, 3)]), (-3, [(4, 3)])])
def test_an_input_without_the_axis_is_refused(axis: int, shapes: list[Any]) -> None:
    # spec: shapes-told
    layer = made(SORTS.replace("FORWARD", "ops.sort(x, axis=axis)"), axis=axis)
    x = np.random.default_rng(0).normal(size=(4, 3, 2)).astype("float32")
    np.testing.assert_array_equal(layer(x), np.sort(x, axis))
    for shape in shapes:
        fresh = made(SORTS.replace("FORWARD", "ops.sort(x, axis=axis)"), axis=axis)
        for one in (layer, fresh):
            with pytest.raises(ValueError, match=rf"must have the axis {axis}"):
                one(np.ones(shape, "float32"))


@pytest.mark.parametrize(
    "forward",
    [
        "ops.expand_dims(x, axis=axis)",
        "ops.sort(x, axis=axis) if axis > 5 else x",
        "ops.sort(ops.expand_dims(x, -1), axis=axis)",
    ],
)
def test_an_axis_that_is_made_or_may_not_be_asked_for_is_let_be(forward: str) -> None:
    # spec: shapes-told
    assert made(SORTS.replace("FORWARD", forward), axis=1)(np.ones(4)) is not None


def test_how_many_steps_are_scanned_must_be_known() -> None:
    # spec: warn-open-scan
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    layer = made(SCANS)
    wanted = x[:, 0] + 2 * (x**2).sum(1)
    np.testing.assert_allclose(layer(x), wanted, rtol=1e-4)
    layer(x[:, :3])  # Any number of them.
    said = r"needs to know axis 1 of `x` \(time\)"
    with pytest.raises(ValueError, match=said):
        made(SCANS)(keras.Input((None, 3)))
    with pytest.raises(ValueError, match=said):
        tf.function(layer).get_concrete_function(tf.TensorSpec((2, None, 3)))
