"""Proofs, styles and cells, as far as texts show."""

from __future__ import annotations

import pytest
from language.reading import HEAD, codes, gallery, module, squeezed, texts

from layergen.problems import SpecError

UNITS = "layer: Made\nargs: {units: int}\n"


# spec: equivalent
def test_an_equivalent_is_made_with_the_arguments() -> None:
    _, test = texts(gallery("swish_dense"))
    assert 'def same_as_builtin(units, activation="swish", **_):' in test
    assert "return keras.layers.Dense(units, activation=activation)" in test
    assert "equivalent=same_as_builtin" in test


# spec: reference
def test_a_reference_may_call_the_activation() -> None:
    _, test = texts(
        HEAD
        + "args: {k: float}\ncall_args: {n: int}\nweights: {w: [d]}\nstates: {s: [d]}\n"
        "derived: {half: d // 2}\nactivation: relu\n"
        "forward: |\n  s = s + 1\n  return x * w * k * n * s * half\n"
        "reference: activation(x * w * k * n * (s + 1) * half * np.ones(batch)[:, None])\n"
    )
    taken = test.split("def reference(")[1].split("):")[0]
    for name in ("x", "w", "s", "k", "n", "activation"):
        assert name in taken.replace(",", "").replace("=", " ").split()
    assert "half = d // 2" in test and "batch = x.shape[0]" in test
    assert "keras.activations.get(activation)(" in test


# spec: reference, code-statements
def test_a_reference_may_use_with() -> None:
    code = "|\n  with np.errstate(all='ignore'):\n    return x\n"
    assert not codes(HEAD + f"forward: x\nreference: {code}")
    assert "LG409" in codes(HEAD + f"forward: {code}")


# spec: require
def test_a_requirement_has_its_message_and_the_values() -> None:
    text = module(
        UNITS + HEAD[12:] + "require: {units > d: too narrow}\nforward: x * units\n"
    )
    said = "too narrow. Received: d={d}, units={self.units}"
    assert f'raise ValueError(f"{{self.name}}: {said}")' in squeezed(text)


# spec: require, require-where
def test_where_a_requirement_is_checked() -> None:
    text = module(
        UNITS
        + "inputs: [batch, time, d]\nweights: {w: [d]}\nderived: {k: d * 2, m: units * 2}\n"
        "call_args: {start: int}\n"
        "require:\n  units > 1: early\n  m > 2: derived early\n  d > units: at build\n"
        "  k > 2: derived at build\n  time > 2: waits\n  start > 0: in call\n"
        "forward: x * w * units * k * m * start\n"
    )
    constructor, rest = text.split("def build")
    build, rest = rest.split("def call")
    call, rest = rest.split("def _check_shapes")
    for said in ("early", "derived early"):
        assert f'"{{self.name}}: {said}. Received' in constructor
    for said in ("at build", "derived at build"):
        assert f'"{{self.name}}: {said}. Received' in build
    assert "in call" in call
    assert "time is not None and time <= 2" in rest and "{self.name}: waits" in rest


# spec: require-where
def test_a_requirement_of_call_may_speak_of_dimensions() -> None:
    text = module(
        "layer: Made\ninputs: [batch, time, d]\ncall_args: {start: int}\n"
        "require: {start < time: too late}\nforward: x * start\n"
    )
    checked = text.split("def call")[1].split("too late")[0]
    assert "start < x.shape[1]" in checked and "x.shape[1] is not None" in checked


# spec: require-where
@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(
    "condition",
    [
        "len(pair) == 2",
        "abs(units) > 1",
        "max(pair) < 9",
        "math.log2(units) % 1 == 0",
        "sum(pair) > d",
        "min(d, units) > 1",
        "all(n > 0 for n in pair) and time > units",
        "k > len(pair)",
        "x.shape[-1] > abs(units)",
    ],
)
def test_a_requirement_with_a_call_in_it_is_checked(condition: str, style: str) -> None:
    text = module(
        "layer: Made\nargs: {units: int, pair: 'list[int]'}\ninputs: [batch, time, d]\n"
        f"derived: {{k: d + 1}}\nrequire: {{'{condition}': not so}}\n"
        "forward: x * units * pair[0] * k\n"
        "example: {units: 4, pair: [7, 2], d: 8, time: 5}\n",
        style,
    )
    assert text.count("not so") == 1


# spec: require
def test_a_requirement_may_speak_of_an_axis_by_its_number() -> None:
    assert "too short" in module(
        HEAD + "require: {'x.shape[1] > 3': too short}\nforward: x\n"
    )


# spec: style-functional
def test_a_function_that_builds_a_model() -> None:
    text = squeezed(module(gallery("swish_dense"), "functional"))
    assert 'def swish_dense(input_shape, units, activation="swish", ' in text
    assert ", name=None, dtype=None):" in text and "class " not in text
    two = module(
        HEAD[:12] + "inputs: {a: [batch, d], b: [batch, d]}\nforward: a + b\n",
        "functional",
    )
    assert "def made(a_shape, b_shape, name=None, dtype=None):" in two


# spec: functional-weights
@pytest.mark.parametrize(
    ("inputs", "forward", "made"),
    [
        ("x: [batch, k]", "x @ w", "Dense(units, use_bias=False, "),
        ("x: [batch, k]", "x @ w + b", "Dense(units, kernel_initializer="),
        (
            "x: [batch, t, k]",
            'ops.einsum("btk,ku->btu", x, w)',
            'EinsumDense("btk,ku->btu"',
        ),
        (
            "x: [batch, t, k]",
            'ops.einsum("ku,btk->btu", w, x) + b',
            'EinsumDense("btk,ku->btu"',
        ),
        (
            "x: {shape: [batch], dtype: int32, min: 0, below: k}",
            "ops.take(w, x, axis=0)",
            "Embedding(k, units",
        ),
    ],
)
def test_weights_become_layers(inputs: str, forward: str, made: str) -> None:
    bias = ", b: [units]" if "+ b" in forward else ""
    size = ", k: int" if "Embedding" in made else ""
    text = UNITS.replace("}", size + "}") + f"inputs: {{{inputs}}}\n"
    text += f"weights: {{w: [k, units]{bias}}}\nforward: |\n  return {forward}\n"
    assert f"keras.layers.{made}" in squeezed(module(text, "functional"))


# spec: functional-activation
def test_the_activation_in_functional_style() -> None:
    assert "activation=activation" in module(gallery("swish_dense"), "functional")
    text = UNITS + HEAD[12:] + "weights: {w: [d, units]}\nactivation: gate\n"
    text += (
        "functions: {gate: {args: [y], forward: y * ops.sigmoid(y)}}\nforward: x @ w\n"
    )
    made = module(text, "functional")
    assert "gate(dense(inputs))" in made
    assert "activation" not in made.split("def made(")[1].split("):")[0]


REFUSED = {
    "states: {s: [d]}\nforward: |\n  s = s + 1\n  return x\n": "no state such as `s`",
    "weights: {w: [d]}\nforward: x * w\n": "no built-in layer uses `w`",
    "forward: |\n  add_loss(ops.sum(x))\n  return x\n": "a loss is added",
    "forward: x if training else x * 2\n": "`training` is read",
    "forward: x + random.normal((3,))\n": "random numbers are drawn",
    "forward: x if mask is None else x * 2\n": "a mask is read",
    "call_args: {n: int}\nforward: x * n\n": "no argument such as `n`",
    "forward: f(x)\nfunctions: {f: {args: [y], forward: y * y, gradient: auto}}\n": "no gradient",
    "forward: x * 2\ngradient: auto\n": "no gradient",
    "forward: x * batch\n": "the size of the batch is not known",
    "forward: tf.nn.relu(x)\n": "TensorFlow is called directly",
    "forward: ops.map(ops.tanh, x)\n": "`ops.map` cannot be saved",
    "layers: {a: Gate(3)}\nforward: a(x)\n": "`Gate` is no built-in layer",
    "mask: stop\nforward: x\n": "a mask can only be passed on",
    "mask: pass\nforward: x * 2\n": "the mask is lost here",
}


# spec: functional-refused
@pytest.mark.parametrize("rest", REFUSED)
def test_what_the_functional_style_refuses(rest: str) -> None:
    with pytest.raises(SpecError) as caught:
        module(HEAD + rest, "functional")
    for problem in caught.value.problems:
        assert REFUSED[rest] in problem.message
        assert problem.hint and problem.quoted and problem.place.line > 2


# spec: functional-refused
@pytest.mark.parametrize("long", ["optional: true", "many: true"])
def test_inputs_that_the_functional_style_refuses(long: str) -> None:
    text = f"layer: Made\ninputs: {{x: [batch, d], y: {{shape: [batch, d], {long}}}}}\nforward: x\n"
    with pytest.raises(SpecError, match="no input can be"):
        module(text, "functional")


# spec: functional-refused
def test_the_functional_style_has_no_cells_and_asks_for_sizes() -> None:
    with pytest.raises(SpecError, match="there are no cells"):
        module(gallery("minimal_cell"), "functional")
    text = module("layer: Made\ninputs: [batch, t, d]\nforward: x * t\n", "functional")
    assert "must give the size of axis 0 (t)" in squeezed(text)


# spec: style-both
def test_both_styles_are_proven_equal() -> None:
    text, test = texts(gallery("swish_dense"), "both")
    assert "class SwishDense(" in text and "def swish_dense(" in text
    assert "return SwishDense(**arguments)" in test
    assert test.count("equivalent=as_class") == test.split("FUNCTION_CASES")[1].count(
        "LayerCase("
    )


CELL = (
    UNITS
    + "kind: cell\ninputs: [batch, d]\nstates: {h: [units]}\nforward: |\n  h = h + x[:, :1]\n"
)


# spec: cells
def test_the_protocol_of_a_cell() -> None:
    text = module(CELL + "  return h\n")
    assert "def call(self, x, states):" in text
    for name in ("self.state_size = units", "self.output_size = units"):
        assert name in text
    assert "def get_initial_state(self, batch_size=None):" in text


# spec: cells-states
def test_the_states_of_a_cell() -> None:
    text = module(CELL + "  return h\n")
    assert "reset_state" not in text and "add_weight" not in text
    assert "ops.zeros((batch_size, self.units), dtype=self.compute_dtype)" in text
    assert codes(CELL.replace("[units]", "[d]") + "  return h\n") == ["LG221"]


# spec: cells-activation
def test_the_activation_of_a_cell_is_for_the_output() -> None:
    text = module(CELL + "  return h\nactivation: tanh\n")
    assert "return self.activation(h), [h]" in text


# spec: reference-weights
def test_the_reference_reads_sublayers_weights() -> None:
    inputs = "layer: Made\ninputs: [batch, d]\n"
    reference = 'reference: |\n  return x @ weights["dense_kernel"]\n'
    layers = "layers: {dense: Dense(3)}\nforward: dense(x)\n"
    assert codes(inputs + layers + reference) == []
    assert codes(inputs + "forward: x * 2\n" + reference) == ["LG406"]
    given = inputs + "args: {inner: Layer}\nforward: inner(x)\n"
    by_path = reference.replace("dense_kernel", "inner_kernel")
    assert 'Dense(4, name="inner")' in texts(given + by_path)[1]
    mine = "example: {inner: 'Dense(4, name=\"mine\")'}\n"
    assert 'Dense(4, name="mine")' in texts(given + by_path + mine)[1]
    assert "name=" not in texts(given)[1]
