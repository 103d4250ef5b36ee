"""What code may use, and what becomes of it, as far as texts show."""

from __future__ import annotations

import ast

import pytest
from language.reading import HEAD, codes, messages, module, squeezed, texts


def call(text: str) -> str:
    """The method `call` of a spec's class."""
    return "def call" + module(text).split("def call")[1].split("\n    def ")[0]


# spec: code
@pytest.mark.parametrize(
    "forward", ["x * 2", "|\n  y = x * 2\n  return y", "|\n  return x * 2"]
)
def test_an_expression_or_a_block(forward: str) -> None:
    assert not codes(HEAD + f"forward: {forward}\n")


# spec: code-declared
def test_everything_that_a_spec_declares_is_known_in_forward() -> None:
    text = (
        "layer: Made\nargs: {a: float}\ninputs: {x: [batch, time], y: [batch, k]}\n"
        "call_args: {b: float}\nweights: {c: []}\nstates: {e: []}\n"
        "layers: {f: Dense(3)}\nderived: {g: a * 2}\n"
        "functions: {h: {args: [t], forward: t * 2}}\nimports: from math import tau\n"
        "forward: |\n  e = e + 1\n"
        "  return f(x) * a * b * c * e * g * ops.sum(h(y)) * tau * batch * time * k\n"
    )
    assert not codes(text)
    assert "ops.shape(x)" in call(text) and "ops.shape(y)" in call(text)


# spec: code-modules
def test_modules() -> None:
    text = HEAD + "forward: ops.tanh(x) * math.pi + keras.activations.relu(x)\n"
    code = module(text)
    assert "import math" in code and "tensorflow" not in code
    assert "import tensorflow as tf" in module(HEAD + "forward: tf.nn.relu(x)\n")
    for wrong in ("ops.tahn(x)", "random.norml(x)", "math.pie * x"):
        assert codes(HEAD + f"forward: {wrong}\n") == ["LG407"]


# spec: code-builtins
def test_builtins() -> None:
    pure = "range len zip enumerate min max sum float int".split()
    listed = ", ".join(pure)
    text = HEAD + f"forward: |\n  for one in [{listed}]:\n    x = x + 1\n  return x\n"
    assert not codes(text)
    assert codes(HEAD + "forward: open(x)\n") == ["LG410"]
    assert codes(HEAD + "forward: x._value\n") == ["LG410"]


# spec: code-call
@pytest.mark.parametrize(
    ("forward", "parameters"),
    [
        ("x", "self, x"),
        ("x * 2 if training else x", "self, x, training=False"),
        ("x * 2 if mask is None else x", "self, x, mask=None"),
    ],
)
def test_call_takes_what_forward_uses(forward: str, parameters: str) -> None:
    assert f"def call({parameters}):" in call(HEAD + f"forward: {forward}\n")


# spec: add-loss
def test_a_loss_is_that_of_the_layer() -> None:
    text = HEAD + "forward: |\n  add_loss(ops.mean(x))\n  return x\n"
    assert "self.add_loss(ops.mean(x))" in call(text)
    assert codes(text.replace("ops.mean(x)", "x, x")) == ["LG423"]


# spec: code-local
def test_local_variables_functions_and_lambdas() -> None:
    assert not codes(
        HEAD + "forward: |\n  x = x * 2\n  y = x\n  f = lambda t: t * 2\n"
        "  def g(t, by=2):\n    return t * by\n  return f(g(y))\n"
    )


# spec: code-random
def test_randomness_has_the_seed_of_the_layer() -> None:
    text = module(HEAD + "forward: x + random.normal(ops.shape(x))\n")
    assert "def __init__(self, seed=None, **kwargs):" in text
    drawn = "random.normal(ops.shape(x), dtype=self.compute_dtype, "
    assert drawn + "seed=self.seed_generator)" in squeezed(text)


# spec: code-dtypes
def test_lists_and_arrays_become_tensors_where_they_meet_tensors() -> None:
    text = call(
        HEAD + "args: {taps: Array}\nderived: {rates: '[0.5, d]', sizes: '[1, 2]'}\n"
        "forward: |\n  for size in sizes:\n    x = x + size\n"
        "  return x * taps * rates / len(sizes)\n"
    )
    assert "taps = ops.cast(self.taps, self.compute_dtype)" in text
    assert "rates = ops.cast(self.rates, self.compute_dtype)" in text
    assert "for size in self.sizes:" in text and "len(self.sizes)" in text


# spec: code-sizes
def test_a_size_that_may_be_unknown_is_cast() -> None:
    head = "layer: Made\ninputs: [batch, time, d]\n"
    text = call(head + "weights: {w: [d]}\nforward: x * w / time + x / d\n")
    assert "ops.cast(time, self.compute_dtype)" in text and "x / d" in text

    kept = call(
        head + "forward: |\n  n = time\n  return x[:, : n - 1] + ops.arange(n)[1]\n"
    )
    assert "x[:, : n - 1]" in kept and "ops.arange(n)" in kept


# spec: code-dtypes-functions
def test_a_function_casts_to_the_dtype_of_a_parameter() -> None:
    text = module(
        "layer: Made\ninputs: [batch, time, d]\nfunctions:\n"
        "  mean: {args: [n, h], forward: 'ops.sum(h, axis=1) / n'}\n"
        "  ramp: {args: [h], forward: 'h * ops.linspace(0.0, 1.0, 3)[0]'}\n"
        "forward: mean(time, x) + ramp(x)[:, 0]\n"
    )
    assert "ops.sum(h, axis=1) / ops.cast(n, h.dtype)" in text
    assert "h * ops.linspace(0.0, 1.0, 3, dtype=h.dtype)[0]" in text


# spec: code-conditions
def test_what_python_can_decide_by() -> None:
    head = "layer: Made\nargs: {n: int}\ninputs: [batch, time, d]\nweights: {w: [d]}\n"
    for condition in ("n > 2", "training", "mask is None", "len(x.shape) > 2", "d > 3"):
        assert not codes(head + f"forward: x * w * n if {condition} else x\n")
    for condition in ("time > 3", "batch > 3"):
        text = head + f"forward: x * w * n if {condition} else x\n"
        assert codes(text) == ["LG503"]
        assert "known only when the layer runs" in messages(text)


# spec: activation
def test_where_the_activation_is_applied() -> None:
    head = HEAD + "activation: swish\n"
    assert 'activation="swish"' in module(head + "forward: x\n")
    assert "return self.activation(x * 2)" in call(head + "forward: x * 2\n")
    assert "return self.activation(x) * 2" in call(
        head + "forward: activation(x) * 2\n"
    )


# spec: activation-own
def test_an_activation_of_ones_own_is_registered() -> None:
    text = module(
        HEAD + "functions: {cube: {args: [y], forward: y ** 3}}\nactivation: cube\n"
        "forward: x\n"
    )
    registered = '@keras.saving.register_keras_serializable(package="layergen")\n'
    assert f"{registered}def cube(y):" in text
    assert "def __init__(self, activation=cube, **kwargs):" in text


# spec: functions
def test_a_function_is_one_of_the_module() -> None:
    text = HEAD + "functions: {twice: {args: [y], forward: y * 2}}\nforward: twice(x)\n"
    assert "\ndef twice(y):\n    return y * 2\n" in module(text)
    assert codes(text.replace("{args: [y], forward: y * 2}", "y * 2")) == ["LG203"]


# spec: functions-see
def test_what_a_function_uses_becomes_parameters() -> None:
    text = module(
        HEAD + "args: {k: float, n: float}\nderived: {m: k * 3}\nfunctions:\n"
        "  f: {args: [y], forward: y * k * m * g(y)}\n  g: {args: [y], forward: y * n}\n"
        "forward: f(x)\n"
    )
    assert "def f(y, k, n, m):" in text and "def g(y, n):" in text
    assert "f(x, self.k, self.n, self.m)" in text


# spec: gradient-memory, gradient-auto
def test_a_derived_gradient_reads_its_arguments_alone_and_shares_parts() -> None:
    text = module(
        HEAD + "functions:\n  f:\n    args: [a, b]\n"
        "    forward: a * ops.sigmoid(b) + ops.sigmoid(b) * ops.tanh(ops.sigmoid(b))\n"
        "    gradient: auto\nforward: f(x, x)\n"
    )
    [grad] = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name == "grad"
    ]
    names = [n for n in ast.walk(grad) if isinstance(n, ast.Name)]
    stored = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    read = {n.id for n in names if isinstance(n.ctx, ast.Load)}
    assert read - stored <= {"a", "b", "ops", "args", "upstream", "_unbroadcast"}
    assert ast.unparse(grad).count("ops.sigmoid(b)") == 1
    assert "forward(ops.stop_gradient(a), ops.stop_gradient(b)), grad" in text


# spec: gradient-code
def test_code_of_a_gradient_sees_the_locals_of_forward() -> None:
    text = (
        HEAD
        + "functions:\n  f:\n    args: [a]\n    forward: |\n      s = ops.tanh(a)\n"
    )
    text += "      return s\n    gradient: upstream * (1 - s * s)\nforward: f(x)\n"
    assert not codes(text)
    assert codes(text.replace("(1 - s", "(1 - t")) == ["LG406"]


# spec: gradient, gradient-pure
def test_a_gradient_of_the_whole_is_that_before_the_activation() -> None:
    text = HEAD + "weights: {w: [d]}\nactivation: tanh\nforward: x * w\ngradient: |\n"
    text += "  d_x = upstream * w\n  d_w = ops.sum(upstream * x, axis=0)\n"
    assert "return self.activation(" in call(text)
    assert codes(text.replace("forward: x", "forward: activation(x)")) == ["LG418"]


# spec: gradient-surrogate
def test_a_surrogate_is_held_to_its_formula() -> None:
    text = HEAD + "forward: x * 2\ngradient: {code: upstream * 3, surrogate: true}\n"
    _, test = texts(text)
    assert "gradient=surrogate" in test and "d_x = upstream * 3" in test
    assert codes(text.replace("upstream * 3", "auto")) == ["LG418"]


# spec: mask-pass, mask-stop, mask-none
@pytest.mark.parametrize(
    ("key", "forward", "supported", "stopped"),
    [
        ("mask: pass\n", "x", True, False),
        ("mask: stop\n", "x", True, True),
        ("", "x if mask is None else x * 2", True, True),
        ("mask: pass\n", "x if mask is None else x * 2", True, False),
        ("", "x", False, False),
    ],
)
def test_masks(key: str, forward: str, supported: bool, stopped: bool) -> None:
    text = module(HEAD + key + f"forward: {forward}\n")
    assert ("self.supports_masking = True" in text) is supported
    assert ("def compute_mask(self, x, mask=None):" in text) is stopped


# spec: mask-expression
def test_a_computed_mask() -> None:
    text = module(
        "layer: Made\nargs: {n: int}\ninputs: {x: [batch, t, d], y: [batch, t, d]}\n"
        "mask: x_mask & (x[:, :, 0] > n * t)\nforward: x + y * n\n"
    )
    method = text.split("def compute_mask(self, x, x_mask=None):")[1]
    assert "if x_mask is None:\n            x_mask = ops.ones_like(x[:, :, 0]" in method
    assert "t = ops.shape(x)[1]" in method and "self.n" in method
