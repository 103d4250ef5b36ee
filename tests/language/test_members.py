"""Reading good specs: states, sublayers, functions, gradients, masks, cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from layergen.language.dims import bindings, counts, pinned
from layergen.language.model import Maker, Spec
from layergen.loading import read_spec
from layergen.nearest import misspelt
from layergen.problems import Place
from layergen.source.code import Code

FULL = Path(__file__).parent / "full"
HEAD = "layer: A\ninputs: [batch, d]\n"


def read(name: str) -> Spec:
    reading = read_spec((FULL / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")
    assert not reading.problems
    assert reading.spec is not None
    return reading.spec


def text(code: Code | None) -> str:
    return code.text if code else ""


def test_inputs_and_arguments_of_call() -> None:
    spec = read("members")
    assert (spec.style, spec.kind) == ("both", "layer")
    assert [tensor.optional for tensor in spec.inputs] == [False, False, True, True]
    assert [tensor.many for tensor in spec.inputs] == [False, "number", False, False]
    assert counts(spec) == {"number": "values"}
    assert "number" not in bindings(spec)
    assert [(arg.name, str(arg.type)) for arg in spec.call_args] == [
        ("start_index", "int"),
        ("scale_by", "float | None"),
        ("step", "int | Tensor"),
    ]
    assert dict(spec.example)["start_index"] == 1


def test_states() -> None:
    carry, calls, average = read("members").states
    assert (carry.name, str(carry.shape)) == ("carry", "[batch, units]")
    assert calls.initializer == Maker("identifier", "zeros")
    assert (calls.dtype, calls.aggregation) == ("int32", "only_first_replica")
    assert calls.doc == "Calls so far."
    assert average.initializer and average.initializer.kind == "call"


def test_sublayers() -> None:
    spec = read("members")
    layers = {layer.name: layer for layer in spec.layers}
    assert layers["dense"].make.text.startswith("Dense(units")
    assert text(layers["norm"].when) == "use_norm"
    loop = layers["pairs"].loop
    assert loop and loop.target == "index, width"
    assert loop.iterable.text == "enumerate(hidden_units)"
    blocks = layers["blocks"].loop
    assert blocks and blocks.target == "_"
    line = spec.text.splitlines()[blocks.iterable.lines[0].line - 1]
    assert line[blocks.iterable.lines[0].column - 1 :] == "range(depth)"
    assert pinned(spec) >= {"batch", "d"}


def test_functions_and_their_gradients() -> None:
    spec = read("members")
    functions = {function.name: function for function in spec.functions}
    assert functions["leaky"].args == ("x", "alpha")
    assert functions["leaky"].gradient is None
    assert functions["leaky"].doc == "A leaky one."
    squashed, sign = functions["squashed"].gradient, functions["sign"].gradient
    assert squashed and squashed.code is None and not squashed.surrogate
    assert sign and text(sign.code) == "upstream" and sign.surrogate
    gate = functions["gate"].gradient
    assert gate and gate.code and not gate.surrogate
    assert spec.activation == "squashed"


def test_masks() -> None:
    assert isinstance(read("members").mask, Code)
    assert read("whole").mask == "stop"
    assert read("values").mask == "pass"
    assert read("cell").mask is None


def test_a_gradient_of_the_whole() -> None:
    gradient = read("whole").gradient
    assert gradient and gradient.code and len(gradient.code.body) == 3
    assert gradient.place == Place(7, 11)


def test_a_cell() -> None:
    spec = read("cell")
    assert spec.kind == "cell"
    [state] = spec.states
    assert str(state.shape) == "[units]"


# spec: gradient
@pytest.mark.parametrize(
    ("gradient", "code", "surrogate"),
    [
        ("auto", None, False),
        ("'auto'", None, False),
        ("{code: auto}", None, False),
        ("upstream * 2", "upstream * 2", False),
        ("{code: upstream * 2, surrogate: true}", "upstream * 2", True),
    ],
)
def test_forms_of_gradients(gradient: str, code: str | None, surrogate: bool) -> None:
    reading = read_spec(HEAD + f"gradient: {gradient}\nforward: x * 2\n", "a.yaml")
    assert reading.spec and reading.spec.gradient
    found = reading.spec.gradient
    assert (found.code and found.code.text, found.surrogate) == (code, surrogate)


# spec: layers-misspelt
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Dnese", "Dense"),
        ("dense", "Dense"),
        ("PRelu", "PReLU"),
        ("LayerNormalisation", "LayerNormalization"),
        ("GatedDense", ""),
        ("ReGLU", ""),
        ("GLU", ""),
        ("SELU", ""),
        ("SineGate", ""),
    ],
)
def test_misspelt(name: str, meant: str) -> None:
    assert misspelt(name, {"Dense", "PReLU", "ReLU", "LayerNormalization"}) == meant
