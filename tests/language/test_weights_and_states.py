"""Weights, states, sublayers and derived values, as far as texts show."""

from __future__ import annotations

import pytest
from language.reading import HEAD, codes, module, squeezed


def signature(text: str) -> str:
    return squeezed(module(text)).split("def __init__(self, ")[1].split("):")[0]


def weight(long: str) -> str:
    return HEAD + f"weights: {{w: {{shape: [d], {long}}}}}\nforward: x * w\n"


# spec: weights-short
def test_the_default_initializer_is_that_of_keras() -> None:
    assert 'w_initializer="glorot_uniform"' in signature(
        HEAD + "weights: {w: [d]}\nforward: x * w\n"
    )
    assert 'w_initializer="zeros"' in signature(weight("dtype: int32"))


# spec: weights-exposed
def test_makers_become_arguments() -> None:
    found = signature(weight("regularizer: l2, constraint: null"))
    assert found == (
        'w_initializer="glorot_uniform", w_regularizer="l2", w_constraint=None, **kwargs'
    )


# spec: weights-fixed
def test_makers_that_are_fixed_are_no_arguments() -> None:
    text = weight(
        "initializer: ones, regularizer: l2, constraint: non_neg, expose: false"
    )
    assert signature(text) == "**kwargs"
    for part in ('initializer="ones"', 'regularizer="l2"', 'constraint="non_neg"'):
        assert part in module(text)


# spec: weights-makers
def test_a_maker_may_be_an_argument_or_a_class_of_imports() -> None:
    text = (
        HEAD + "args: {init: Initializer}\nimports: from makers import Ring\nweights:\n"
        "  w: {shape: [d], initializer: init}\n"
        "  v: {shape: [d], initializer: Ring(), expose: false}\nforward: x * w * v\n"
    )
    assert signature(text) == "init, **kwargs"
    assert "initializer=self.init," in module(text)
    assert "initializer=Ring()," in module(text)


# spec: weights-calls
def test_calls_of_makers() -> None:
    text = weight('initializer: "RandomUniform(-0.5, 0.5)", regularizer: L2(0.01)')
    assert signature(text) == (
        "w_initializer=None, w_regularizer=regularizers.L2(0.01), **kwargs"
    )
    body = module(text).split("def build")[0]
    assert "w_initializer = initializers.RandomUniform(-0.5, 0.5)" in body
    named = "args: {rate: float}\n" + weight("regularizer: L2(rate)")
    assert "w_regularizer=None" in signature(named)


# spec: weights-late
def test_calls_over_dimensions_are_made_at_build() -> None:
    for exposed in ("", ", expose: false"):
        text = module(weight("initializer: Constant(d)" + exposed))
        assert "initializers.Constant(d)" in text.split("def build")[1]
        assert "w_initializer" not in text


# spec: weights-makers
def test_an_argument_may_be_called_as_the_one_that_a_weight_would_bring() -> None:
    text = "args: {w_initializer: 'Initializer = \"he_normal\"'}\n"
    named = module(text + weight("initializer: w_initializer"))
    assert signature(text + weight("initializer: w_initializer")).count("w_init") == 1
    assert "initializer=self.w_initializer" in named
    assert codes(text + weight("initializer: zeros")) == ["LG404"]


# spec: weights-when
def test_a_weight_of_an_optional_size() -> None:
    text = (
        HEAD + "args: {n: int | None = None}\n"
        "weights: {w: {shape: [d, n], when: n is not None}}\n"
        "forward: x if w is None else ops.tanh(x @ w)\n"
    )
    assert "self.w = None" in module(text)
    assert codes(text.replace(", when: n is not None", "")) == ["LG307"]


# spec: states-keys, states-dtype
def test_keys_of_states() -> None:
    text = module(
        HEAD + "states: {a: [d], b: {shape: [d], initializer: ones, dtype: float32}}\n"
        "forward: |\n  a = x[0]\n  b = ops.cast(a, 'float32')\n  return x\n"
    )
    one, other = squeezed(text).split("self.a = ")[1].split("self.b = ")
    assert 'initializer="zeros"' in one and "autocast" not in one
    assert 'initializer="ones", dtype="float32"' in other and "autocast=False" in other


# spec: states-aggregation
def test_how_replicas_are_put_together() -> None:
    text = module(
        HEAD + "states:\n  a: [d]\n  b: {shape: [], dtype: int32}\n"
        "  c: {shape: [], aggregation: only_first_replica}\n"
        "forward: |\n  a = x[0]\n  b += 1\n  c += 1\n  return x\n"
    )
    found = [part.split('"')[0] for part in text.split('aggregation="')[1:]]
    assert found == ["mean", "only_first_replica", "only_first_replica"]


# spec: states-batch
def test_a_state_for_each_sample_does_not_need_tensorflow() -> None:
    text = module(
        HEAD + "states: {a: [batch, d]}\nforward: |\n  a = a + x\n  return a\n"
    )
    assert "import tensorflow" not in text.split("class ")[0]


LAYERS = HEAD + "args: {depth: int, wide: bool}\n"


# spec: layers-make
def test_a_class_of_keras_and_of_imports() -> None:
    text = module(
        HEAD + "imports: from parts import Cell\nlayers: {a: Dense(3), b: Cell(4)}\n"
        "forward: b(a(x))\n"
    )
    assert "self.a = keras.layers.Dense(3, " in text
    assert "self.b = Cell(4, " in text and "from parts import Cell" in text


# spec: layers-make
def test_the_class_of_a_spec_beside_this_one() -> None:
    text = module(HEAD + "layers: {a: GateUnit(3)}\nforward: a(x)\n")
    assert "from gate_unit import GateUnit" in text


# spec: layers-when, layers-for
def test_lists_and_conditions() -> None:
    text = squeezed(
        module(
            LAYERS
            + "layers:\n  a: {make: Dense(3), for: _ in range(depth), when: wide}\n"
            "  b: {make: Dense(3), when: wide}\nforward: |\n  for one in a:\n    x = one(x)\n"
            "  return x if b is None else b(x)\n"
        )
    )
    assert "for index in range(depth)] if wide else []" in text
    assert 'name="b") if wide else None' in text


# spec: layers-built
def test_layers_that_need_dimensions_are_made_in_build() -> None:
    before, after = module(
        HEAD + "layers: {a: Dense(3), b: Dense(d)}\nforward: b(a(x))\n"
    ).split("def build")
    assert "self.a = " in before and "self.b = " in after
    assert "self.a.build(" in after and "self.b.build(" in after


# spec: layers-policy
def test_layers_have_the_policy_of_the_layer_unless_they_say_otherwise() -> None:
    text = module(
        HEAD
        + "layers: {a: Dense(3), b: \"Dense(3, dtype='float32')\"}\nforward: b(a(x))\n"
    )
    assert 'self.a = keras.layers.Dense(3, dtype=self.dtype_policy, name="a")' in text
    assert 'self.b = keras.layers.Dense(3, dtype="float32", name="b")' in text


# spec: derived
def test_derived_values() -> None:
    before, after = module(
        LAYERS + "derived: {a: depth * 2, b: a + d, c: 'x.shape[1] / 2'}\n"
        "forward: x * a * b * c if wide else x\n"
    ).split("def build")
    assert "self.a = depth * 2" in before
    assert "self.b = self.a + d" in after and "self.c = input_shape[1] / 2" in after
    assert codes(HEAD + "derived: {a: b, b: d}\nforward: x * a\n") == ["LG413"]
    assert codes(HEAD + "derived: {a: ops.sum(x)}\nforward: x * a\n")


# spec: states-read
@pytest.mark.parametrize(
    ("code", "copied"),
    [
        ("if training:\n    n = 2 * n\n  return x * ops.cast(n, x.dtype)", False),
        ("n += 1\n  n = -n\n  return x + n", False),
        ("old = n\n  n = 2 * n\n  n = n + 1\n  return x + old", True),
        ("if training:\n    n = 2 * n\n  return n", True),
        ("n, y = (x if training else n), n\n  return x + y", True),
        ("if training:\n    n = 2 * n\n  return [n][0] + x", True),
    ],
)
def test_a_state_is_copied_only_where_its_variable_would_leak(
    code: str, copied: bool
) -> None:
    text = module(HEAD + f"states: {{n: []}}\nforward: |\n  {code}\n")
    assert ("n = ops.copy(self.n)" in text) is copied
    assert ("n = self.n\n" in text) is not copied
