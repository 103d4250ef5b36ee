"""Sizes that code reads off `x.shape`, where a graph leaves axes open: values of NumPy."""

from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layergen.loading import read_spec
from layergen.rendering import render
from layergen.testing import check_gradient

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
FIXED = {
    "unpacked": "|\n  b, t, c = x.shape\n  return x / c @ kernel",
    "unpacked, asked for": "|\n  b, t, c = ops.shape(x)\n  return x / c @ kernel",
    "item asked for": "x / ops.shape(x)[-1] @ kernel",
    "item of a name": "|\n  s = x.shape\n  return x / s[-1] @ kernel",
    "item of a name, asked for": "|\n  s = ops.shape(x)\n  c = s[-1]\n  return x / c @ kernel",
    "starred before": "|\n  *b, c = x.shape\n  return x / c @ kernel",
    "starred behind": "|\n  b, *rest = ops.shape(x)\n  return x / rest[-1] @ kernel",
    "slice": "|\n  t, c = x.shape[1:]\n  return x / c @ kernel",
    "slice backwards": "|\n  c, t, b = x.shape[::-1]\n  return x / c @ kernel",
    "of what is computed": "|\n  y = 2 * x\n  b, t, c = y.shape\n  return y / c @ kernel / 2",
    "spread": "|\n  y = ops.reshape(x, (*x.shape, 1))\n  c = y.shape[-2]\n  return x / c @ kernel",
    "in a comprehension": "|\n  s = [one for one in x.shape]\n  return x / s[-1] @ kernel",
    "in a loop": "|\n  for c in x.shape[2:]:\n    x = x / c\n  return x @ kernel",
    "for Python": "|\n  n = math.prod(x.shape[2:])\n  return x / n @ kernel",
    "deciding": "|\n  b, t, c = x.shape\n  if c > 2:\n    x = x / c\n  return x @ kernel",
    "kept on the way": "|\n  y = x / (s := x.shape)[-1]\n  return y @ kernel * s[-1] / 3",
    "a function's": "f(x) @ kernel",
    "a function's item": "two(x) @ kernel * 3",
    "a function's by keyword": "f(y=x) @ kernel",
    "a gradient's": "g(x) @ kernel",
    "a lambda's": "'(lambda y: y / y.shape[-1])(x) @ kernel'",
    "an inner function's": (
        "|\n  def h(y):\n    b, t, c = y.shape\n    return y / c\n  return h(x) @ kernel"
    ),
    "mapped": "'ops.map(lambda y: f(y[None])[0], x) @ kernel'",
}
"""Each takes `features`, of which a weight is made, off a shape."""
FUNCTIONS = """functions:
  f:
    args: [y]
    forward: y / y.shape[1]
  g:
    args: [y]
    forward: y / y.shape[1]
    gradient: upstream / y.shape[1]
"""
OF_LAST = {
    "f": "    args: [y]\n    forward: |\n      b, t, c = y.shape\n      return y / c\n",
    "two": "    args: [features]\n    forward: f(features) / features.shape[-1]\n",
    "g": FUNCTIONS[FUNCTIONS.index("g:\n") + 3 :].replace("[1]", "[-1]"),
}


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


@pytest.mark.parametrize("inputs", ["[batch, time, features]", "[..., features]"])
@pytest.mark.parametrize("name", FIXED)
def test_sizes_of_weights(name: str, inputs: str) -> None:
    """What `build` knows is known, also where a graph leaves all axes open."""
    # spec: code-sizes-read
    text = f"layer: Read\ninputs: {inputs}\nweights: {{kernel: [features, 6]}}\n"
    code = FIXED[name] + (OF_LAST["two"] if "two(" in FIXED[name] else "")
    called = [f"  {one}:\n{body}" for one, body in OF_LAST.items() if f"{one}(" in code]
    text += "".join(["functions:\n", *called] if called else [])
    layer = made(f"{text}forward: {FIXED[name]}\n")()
    layer.build(X.shape)
    layer.kernel.assign(KERNEL)
    graph = tf.function(
        lambda x: layer(x),
        input_signature=[tf.TensorSpec((None, None, None), "float32")],
    )
    for found in (layer(X), graph(X)):
        np.testing.assert_allclose(found, X / 3 @ KERNEL, rtol=1e-5, atol=1e-5)


OPEN = {
    "a number": ("[_, _, 3]", "", X / 3),
    "an argument": ("[_, _, units]", "args: {units: int = 3}", X / 3),
    "a derived value": (
        "[_, _, 3 * half]",
        "args: {units: int = 2}\nderived: {half: units // 2}",
        X / 3,
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_sizes_that_no_input_binds(name: str) -> None:
    inputs, more, expected = OPEN[name]
    code = (
        "|\n  y = x * 2\n  b, t, c = y.shape\n  return y / c / ops.shape(y)[-1] * 1.5"
    )
    layer = made(f"layer: Read\ninputs: {inputs}\n{more}\nforward: {code}\n")()
    shape = tf.TensorSpec((None, None, None), "float32")
    graph = tf.function(lambda x: layer(x), input_signature=[shape])
    for found in (layer(X), graph(X)):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_shape_is_asked_for_once() -> None:
    """Between the axes that are open one is known, of a tensor that takes work."""
    text = "layer: Read\ninputs: [batch, time, rest]\nlayers: {dense: Dense(time)}\n"
    text += "states: {count: {shape: [], dtype: int32, initializer: zeros}}\n"
    text += "forward: |\n  count = count + 1\n"
    text += "  b, c, t = ops.transpose(dense(x) * 1, (0, 2, 1)).shape\n"
    text += "  return x / c / t\n"
    layer = made(text)()
    layer.build(X.shape)
    shape = tf.TensorSpec((None, None, None), "float32")
    graph = tf.function(lambda x: layer(x), input_signature=[shape])
    for found in (layer(X), graph(X)):
        np.testing.assert_allclose(found, X / 4 / 4, rtol=1e-6)
    page = render(read_spec(text, "read.yaml").spec, "class")["read.py"]  # type: ignore[arg-type]
    assert page.count("self.dense(x)") == 1


UPDATED = """\
layer: Read
inputs: [batch, time, features]
weights: {kernel: [features, 6]}
states: {total: [features]}
mask: |
  b, t, c = x.shape
  return ops.sum(x, axis=-1) / c > 1 / features
forward: |
  b, t, c = ops.shape(x)
  total = total + ops.ones((c,)) / c
  add_loss(ops.sum(ops.square(x)) / c)
  return x @ kernel
"""


def test_states_losses_and_masks() -> None:
    layer = made(UPDATED)()
    layer.build(X.shape)
    shape = tf.TensorSpec((None, None, None), "float32")

    @tf.function(input_signature=[shape])
    def graph(x: Any) -> Any:
        layer(x)
        return layer.losses[0]

    np.testing.assert_allclose(graph(X), np.square(X).sum() / 3, rtol=1e-5)
    np.testing.assert_allclose(layer.total, np.ones(3) / 3, rtol=1e-6)
    mask = tf.function(layer.compute_mask, input_signature=[shape])
    np.testing.assert_array_equal(mask(X), X.sum(-1) / 3 > 1 / 3)


WHOLE = """\
layer: Read
inputs: [batch, time, features]
weights: {kernel: [features, 6]}
forward: |
  b, t, c = x.shape
  return x / c @ kernel
gradient: |
  *_, size = ops.shape(x)
  d_x = upstream @ ops.transpose(kernel) / size
  d_kernel = ops.einsum("bti,bto->io", x, upstream) / x.shape[-1]
"""


def test_the_gradient_of_a_layer() -> None:
    layer = made(WHOLE)()
    layer.build(X.shape)
    layer.kernel.assign(KERNEL)

    @tf.function(input_signature=[tf.TensorSpec((None, None, None), "float32")])
    def graph(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        return y, *tape.gradient(y, [x, layer.kernel.value])

    y, by_x, by_kernel = graph(X)
    np.testing.assert_allclose(y, X / 3 @ KERNEL, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        by_x, np.broadcast_to(KERNEL.sum(1) / 3, X.shape), rtol=1e-5
    )
    columns = np.broadcast_to(X.sum((0, 1))[:, None] / 3, (3, 6))
    np.testing.assert_allclose(by_kernel, columns, rtol=1e-5, atol=1e-6)


def test_a_function_of_both_styles() -> None:
    """The size that a function is passed is that of the shape which a model is given."""
    text = "layer: Read\nstyle: both\ninputs: [batch, time, features]\n"
    text += "weights: {kernel: [features, 6]}\nfunctions:\n"
    text += "  inner: {args: [y], forward: 'y / y.shape[-1]'}\n"
    text += "  outer: {args: [features], forward: inner(features)}\n"
    text += "forward: outer(x) @ kernel\n"
    reading = read_spec(text, "read.yaml")
    assert reading.spec is not None, list(map(str, reading.problems))
    namespace: dict[str, Any] = {"__name__": "read"}
    exec(render(reading.spec, "both")["read.py"], namespace)
    model, layer = namespace["read"]((4, 3)), namespace["Read"]()
    layer.build(X.shape)
    for one in (model, layer):
        one.set_weights([KERNEL])
        np.testing.assert_allclose(one(X), X / 3 @ KERNEL, rtol=1e-5, atol=1e-6)


def test_a_surrogate_is_held_to_its_formula_on_the_shape_that_it_gets() -> None:
    text = "layer: Read\ninputs: [batch, time, features]\n"
    text += "weights: {kernel: [features, 6]}\nfunctions:\n  f:\n    args: [y]\n"
    text += "    forward: |\n      b, t, c = y.shape\n      part = y / c\n"
    text += "      return ops.sign(part)\n"
    text += "    gradient: {code: upstream * part, surrogate: true}\n"
    reading = read_spec(text + "forward: f(x) @ kernel\n", "read.yaml")
    assert reading.spec is not None
    pages = render(reading.spec, "class")
    page = pages["test_read.py"]
    assert "check_gradient(f, f_gradient, (2, 4, 3), constants=(3,))" in page
    function: dict[str, Any] = {"__name__": "read"}
    formula: dict[str, Any] = {"ops": keras.ops}
    exec(pages["read.py"], function)
    start = page.index("def f_gradient")
    exec(page[start : page.index("\n\n\n", start)], formula)
    check_gradient(function["f"], formula["f_gradient"], (2, 4, 3), constants=(3,))


def test_a_function_that_is_handed_on_is_passed_nothing() -> None:
    text = "layer: Read\ninputs: [batch, time, features]\nactivation: own\n"
    text += "weights: {kernel: [features, 6]}\nfunctions:\n"
    text += "  inner: {args: [y], forward: 'y / y.shape[-1]'}\n"
    text += "  own: {args: [y], forward: 'inner(y) * 6'}\n"
    text += "  each: {args: [y], forward: 'y * y.shape[-1] / 3'}\n"
    layer = made(text + "forward: ops.map(each, x) @ kernel\n")()
    layer.build(X.shape)
    layer.kernel.assign(KERNEL)
    np.testing.assert_allclose(layer(X), X @ KERNEL, rtol=1e-5, atol=1e-6)


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
