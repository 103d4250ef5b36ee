"""Loops of `keras.ops`, and whether TensorFlow trains them under XLA."""

from __future__ import annotations

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
