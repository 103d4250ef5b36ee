"""Sizes that code reads off `x.shape`, where a graph leaves axes open: values of NumPy."""

from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layergen.loading import read_spec
from layergen.rendering import render

X = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
KERNEL = np.random.default_rng(1).normal(size=(3, 6)).astype("float32")

SPECS = {
    "item": ("x / x.shape[1]", X / 4),
    "item from the back": ("x / x.shape[-2]", X / 4),
    "arithmetic": ("|\n  x[:, : x.shape[1] - 1] / (2 * x.shape[0])", X[:, :3] / 4),
    "unpacked": (
        "|\n  b, t, c = x.shape\n  return ops.reshape(x, (b, t * c)) / t",
        X.reshape(2, 12) / 4,
    ),
    "local name": ("|\n  s = x.shape\n  return x * s[0] / s[1]", X / 2),
    "slice of it": ("ops.zeros(x.shape[:-1] + (1,)) + x", X),
    "spread": ("ops.ones((*x.shape[:2], 1)) + x", X + 1),
    "whole": ("ops.broadcast_to(x[:, :1], x.shape)", X[:, :1] + 0 * X),
    "of what is computed": (
        "|\n  y = ops.concatenate([x, x], axis=1)\n  return y / y.shape[1]",
        np.concatenate([X, X], 1) / 8,
    ),
    "a function's": ("f(x)", X / 4),
    "a gradient's": ("g(x)", X / 4),
    "with None": ("x if x.shape[1] is None else x * x.shape[1]", X * 4),
    "of rank only": ("x * len(x.shape)", X * 3),
    "fixed by build": ("x @ kernel / x.shape[-1]", X @ KERNEL / 3),
    "fixed, computed": (
        "|\n  y = ops.concatenate([x, x], axis=-1)\n  return y @ double / y.shape[-1]",
        np.concatenate([X, X], -1) @ np.concatenate([KERNEL, KERNEL]) / 6,
    ),
    "fixed, decided by": ("x @ kernel * (2 if x.shape[-1] > 2 else 1)", 2 * X @ KERNEL),
    "fixed, by name": ("x @ kernel / features", X @ KERNEL / 3),
    "of a weight": ("x @ kernel / kernel.shape[0]", X @ KERNEL / 3),
}
FUNCTIONS = """functions:
  f:
    args: [y]
    forward: y / y.shape[1]
  g:
    args: [y]
    forward: y / y.shape[1]
    gradient: upstream / y.shape[1]
"""


def spec(name: str, inputs: str) -> str:
    forward = SPECS[name][0]
    text = f"layer: Read\ninputs: {inputs}\n"
    weights = {"kernel": "[features, 6]", "double": "[2 * features, 6]"}
    read = [f"  {name}: {shape}" for name, shape in weights.items() if name in forward]
    text += "\n".join(["weights:", *read, ""]) if read else ""
    return text + (FUNCTIONS if "(x)" in forward else "") + f"forward: {forward}\n"


@cache
def made(text: str) -> Any:
    reading = read_spec(text, "read.yaml")
    assert reading.spec is not None, list(map(str, reading.problems))
    module = next(iter(render(reading.spec, "class").values()))
    namespace: dict[str, Any] = {"__name__": "read"}
    exec(compile(module, "read.py", "exec"), namespace)
    return namespace["Read"]


CASES = [
    (name, inputs)
    for name in SPECS
    for inputs in ("[batch, time, features]", "[_, _, features]", "any")
    if inputs != "any" or "features" not in spec(name, "any")
]


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize(("name", "inputs"), CASES)
def test_values(name: str, inputs: str, policy: str) -> None:
    # spec: code-sizes-read
    layer = made(spec(name, inputs))(dtype=policy)
    layer.build(X.shape)
    for weight in layer.weights:
        rows = weight.shape[0] // 3
        weight.assign(np.concatenate([KERNEL] * rows))
    anything = tf.TensorSpec((None, None, None), "float32")
    graph = tf.function(lambda x: layer(x), input_signature=[anything])
    bound = 1e-5 if policy == "float32" else 3e-2
    for found in (layer(X), graph(X)):
        assert keras.backend.standardize_dtype(found.dtype) == layer.compute_dtype
        values = keras.ops.convert_to_numpy(keras.ops.cast(found, "float32"))
        np.testing.assert_allclose(values, SPECS[name][1], rtol=bound, atol=bound)


def test_a_gradient_in_a_graph() -> None:
    layer = made(spec("a gradient's", "[batch, time, features]"))()

    @tf.function(input_signature=[tf.TensorSpec((None, None, None), "float32")])
    def graph(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        return tape.gradient(y, x)

    np.testing.assert_allclose(graph(X), np.full(X.shape, 1 / 4), rtol=1e-6)


def test_a_mask_in_a_graph() -> None:
    text = "layer: Read\ninputs: [batch, time, d]\nforward: x\n"
    text += "mask: ops.reshape(mask, (mask.shape[0], x.shape[1]))\n"
    layer = made(text)()
    shapes = [tf.TensorSpec((None, None, None)), tf.TensorSpec((None, None), "bool")]
    graph = tf.function(layer.compute_mask, input_signature=shapes)
    mask = X[:, :, 0] > 0
    np.testing.assert_array_equal(graph(X, mask), mask)


def test_a_size_without_a_name_is_no_number_in_functional_style() -> None:
    # spec: functional-refused
    text = "layer: Read\nstyle: functional\ninputs: [batch, time, d]\n"
    reading = read_spec(text + "forward: x / x.shape[1]\n", "read.yaml")
    assert reading.spec is not None
    with pytest.raises(
        Exception, match="LG606 .*`x.shape` may have sizes that are not"
    ):
        render(reading.spec, "functional")


def test_unknown_sizes_may_decide() -> None:
    """Nothing is known of what is handed in; a graph may know its sizes all the same."""
    text = "layer: Read\ninputs: any\nforward: x * 2 if x.shape[-1] > 2 else x\n"
    np.testing.assert_allclose(made(text)()(X), X * 2)


GROUPED = """\
layer: Read
inputs: [batch, time, features]
args: {heads: int = 2, groups: int = 3, head_dim: int = 4}
layers: {dense: Dense(heads * groups * head_dim), out: keras.layers.Dense(features)}
forward: |
  y = ops.reshape(dense(x), (batch, time, heads, groups, head_dim))
  y = ops.reshape(ops.transpose(y, (0, 1, 3, 2, 4)), (x.shape[0], x.shape[1], -1))
  return out(y)
"""


def test_the_rest_of_a_reshape_is_worked_out() -> None:
    """A layer that is built by a call, on sizes that are open, needs the last one."""
    layer = made(GROUPED)(dtype="float64")
    layer.build((None, None, 3))
    assert len(layer.weights) == 4
    for weight in layer.weights:
        weight.assign(np.random.normal(size=weight.shape))
    y = X.astype("float64") @ np.array(layer.dense.kernel) + layer.dense.bias
    y = y.reshape(2, 4, 2, 3, 4).transpose(0, 1, 3, 2, 4).reshape(2, 4, 24)
    expected = y @ np.array(layer.out.kernel) + layer.out.bias
    graph = tf.function(lambda x: layer(x))
    shape = tf.TensorSpec((None, None, None), "float64")
    for found in (layer(X), graph.get_concrete_function(shape)(X.astype("float64"))):
        np.testing.assert_allclose(found, expected, rtol=1e-10)
