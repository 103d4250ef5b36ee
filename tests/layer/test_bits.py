"""`&`, `|`, `^`, `~` and shifts of integers: values of NumPy, and the dtype that Keras learns."""

from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layergen.loading import read_spec
from layergen.rendering import render

I = np.arange(8, dtype="int32").reshape(2, 4)  # noqa: E741
J = (I[::-1] * 3) % 8
X = np.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)
HEAD = """\
layer: Bits
inputs:
  i: {shape: [batch, time], dtype: int32, min: 0, below: 8}
  j: {shape: [batch, time], dtype: int32, min: 0, below: 8}
  x: [batch, time]
"""
FORMS = {
    "and": ("i & j", I & J),
    "or, by a number": ("2 | i", 2 | I),
    "xor": ("i ^ (j & 5)", I ^ (J & 5)),
    "not": ("~ (i)", ~I),
    "shifts": ("(i >> 1) << 2", I >> 1 << 2),
    "beside floats": ("x * (i & 1) + (j ^ 3)", X * (I & 1) + (J ^ 3)),
    "in place": (
        "|\n  i = i + 1\n  i &= j | 1\n  i >>= 1\n  return i",
        ((I + 1) & (J | 1)) >> 1,
    ),
    "of a size": ("i & (time * 2 - 1)", I & 7),
    "in a function": ("low(i, j)", I & J & 3),
    "of bools": ("(i > 2) & (j < 5) | (x > 0)", (I > 2) & (J < 5) | (X > 0)),
}
FUNCTION = "functions:\n  low: {args: [a, b], forward: a & b & 3}\n"


def spec(name: str) -> Any:
    forward = FORMS[name][0]
    text = HEAD + (FUNCTION if "low(" in forward else "") + f"forward: {forward}\n"
    reading = read_spec(text, "bits.yaml")
    assert reading.spec is not None, list(map(str, reading.problems))
    return reading.spec


@cache
def made(name: str, style: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "bits"}
    exec(next(iter(render(spec(name), style).values())), namespace)
    return namespace["Bits" if style == "class" else "bits"]


@pytest.mark.parametrize("name", FORMS)
def test_values(name: str) -> None:
    # spec: code-bits
    layer, expected = made(name, "class")(), FORMS[name][1]
    shapes = [tf.TensorSpec((None, None), one.dtype) for one in (I, J, X)]
    graph = tf.function(lambda i, j, x: layer(i, j, x), input_signature=shapes)
    told = layer.compute_output_spec(
        *[keras.KerasTensor((None, 4), dtype=str(one.dtype)) for one in (I, J, X)]
    )
    for found in (layer(I, J, X), graph(I, J, X)):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
        assert keras.backend.standardize_dtype(found.dtype) == told.dtype


@pytest.mark.parametrize(
    "name", [one for one in FORMS if one not in ("of a size", "in a function")]
)
def test_values_of_models(name: str) -> None:
    model = made(name, "functional")((4,), (4,), (4,))
    np.testing.assert_allclose(model([I, J, X]), FORMS[name][1], rtol=1e-6)


def test_of_a_state() -> None:
    """Operators of variables mean truths."""
    text = "layer: Bits\ninputs: [batch, d]\n"
    text += "states: {count: {shape: [], dtype: int32, initializer: zeros}}\n"
    text += "forward: |\n  count = count + 3\n  return x * (count & 2)\n"
    reading = read_spec(text, "bits.yaml")
    assert reading.spec is not None
    namespace: dict[str, Any] = {"__name__": "bits"}
    exec(render(reading.spec, "class")["bits.py"], namespace)
    layer = namespace["Bits"]()
    for count in (3, 6, 9):
        np.testing.assert_allclose(layer(X), X * (count & 2), rtol=1e-6)


def test_of_what_may_be_no_integers() -> None:
    """What is given as a number beside eight bits becomes wider by the function of Keras."""
    text = HEAD.replace("int32, min: 0, below: 8}\n  j", "uint8}\n  j")
    reading = read_spec(text + "forward: x * ops.cast(i & 1, x.dtype)\n", "bits.yaml")
    assert reading.spec is not None
    assert "i & 1" in render(reading.spec, "class")["bits.py"]
