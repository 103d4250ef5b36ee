"""Loops of `keras.ops`, and what stands in them: whether TensorFlow trains it under XLA."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from layergen.loading import read_spec
from layergen.rendering import render

LOOPS = {
    "ops.fori_loop(0, 3, lambda i, y: y * x, x)": False,
    "ops.scan(lambda c, a: (c + a, c * a), x[0], x)[1]": False,
    "ops.while_loop(lambda n, y: n < 3, lambda n, y: (n + 1, y * x), (0, x))[1]": False,
    "ops.while_loop(lambda n, y: n < 3, lambda n, y: (n + 1, y * x), (0, x), "
    "maximum_iterations=3)[1]": True,
    "x + ops.fori_loop(0, 3, lambda i, y: y + 1, ops.argmax(x, -1))[:, None]": True,
    "ops.map(lambda row: row * 2, x)": True,
    "ops.map(lambda row: ops.repeat(row, 2), x)": False,
    "ops.vectorized_map(lambda row: ops.repeat(row, 2), x)": True,
    "ops.while_loop(lambda n, y: n < 3, lambda n, y: (n + 1, ops.repeat(y, 2, -1)"
    "[:, ::2] * x), (0, x), maximum_iterations=3)[1]": False,
    "ops.repeat(x, 2, axis=-1)": True,
    "x * ops.map(lambda row: ops.repeat(row[:1], 1), ops.ones((4, 2)))": True,
}


@pytest.mark.parametrize("loop", LOOPS)
def test_says_whether_it_is_trained_under_xla(loop: str) -> None:
    # spec: warn-scan
    text = f"layer: Loop\ninputs: [4, d]\nforward: |\n  {loop}\n"
    spec = read_spec(text, "loop.yaml").spec
    assert spec is not None
    names: dict[str, object] = {"__name__": "loop"}
    exec(render(spec, "class")["loop.py"], names)
    layer = names["Loop"]()  # type: ignore[operator]
    assert layer.supports_jit is LOOPS[loop]

    def trained(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(layer(x))
        return tape.gradient(y, x)

    x = tf.reshape(tf.range(8.0), (4, 2))
    right = tf.function(trained)(x)
    if LOOPS[loop]:
        np.testing.assert_allclose(tf.function(trained, jit_compile=True)(x), right)
    else:
        with pytest.raises(tf.errors.InvalidArgumentError):
            tf.function(trained, jit_compile=True)(x)


CELL = """\
layer: Cell
kind: cell
args: {units: int}
inputs: [batch, features]
outputs: [batch, units]
weights: {kernel: [features, units]}
states: {h: [units]}
functions:
  double:
    args: [y]
    forward: CODE
forward: |
  h = h + double(x @ kernel)[:, ::2]
  return h
"""


@pytest.mark.parametrize(
    ("code", "trained"),
    [
        ("ops.repeat(y, 2, axis=-1)", False),
        ("ops.concatenate([y, y], axis=-1)", True),
    ],
)
def test_a_cell_is_called_in_a_loop(code: str, trained: bool) -> None:
    # spec: warn-scan
    spec = read_spec(CELL.replace("CODE", code), "cell.yaml").spec
    assert spec is not None
    names: dict[str, object] = {"__name__": "cell"}
    exec(render(spec, "class")["cell.py"], names)
    cell = names["Cell"](2)  # type: ignore[operator]
    assert cell.supports_jit is trained
    rnn = keras.layers.RNN(cell)
    rnn.build((2, 3, 2))
    cell.kernel.assign(np.eye(2))

    def gradient(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(rnn(x))
        return tape.gradient(y, x)

    x = tf.reshape(tf.range(12.0), (2, 3, 2))
    right = tf.function(gradient)(x)
    compiled = tf.function(gradient, jit_compile=True)
    if trained:
        np.testing.assert_allclose(compiled(x), right)
    else:
        with pytest.raises(tf.errors.InvalidArgumentError):
            compiled(x)
