"""Names in every role: refused with a place, or code that compiles, imports and holds.

`benchmarks/fuzz/names.py` runs the same for as long as one likes.
"""

from __future__ import annotations

import random

import pytest
from fuzz.names import REFUSED, RENDERED, faults, outcome
from fuzz.specs import spec_text
from hypothesis import given, settings
from hypothesis import strategies as st

from layergen.forward.scope import Scope
from layergen.loading import read_spec

BASE = "layer: Made\nstyle: {}\nargs: {{units: int}}\n"
SPECS = {
    "inputs of the model": BASE.format("functional")
    + "inputs: {value: [batch, d], name: [batch, d], dtype: [batch, d]}\n"
    "weights: {kernel: [d, units]}\nforward: (value + name + dtype) @ kernel\n",
    "outputs of the model": BASE.format("both")
    + "inputs: {value: [batch, d], outputs: [batch, d], inputs: [batch, d]}\n"
    "weights: {kernel: [d, units]}\n"
    "forward: |\n  inputs = inputs * 2\n  return (value + outputs + inputs) @ kernel\n",
    "a function of that name": BASE.format("functional")
    + "inputs: [batch, d]\nweights: {kernel: [d, units]}\n"
    "functions: {outputs: {args: [z], forward: ops.sin(z)}}\n"
    "forward: outputs(x) @ kernel\n",
    "a derived size": BASE.format("functional")
    + "inputs: [batch, d]\nweights: {kernel: [d, units]}\n"
    "derived: {d: units * 2}\nforward: ops.sin(x) @ kernel * d\n",
    "an argument in a loop": BASE.format("both")
    + "inputs: [batch, d]\nlayers: {hidden: {make: Dense(units + n), for: 'n in (1, 2)'}}\n"
    "derived: {i: units * 2}\nforward: |\n"
    "  for one in hidden:\n    x = one(x)\n  return x * i\n",
    "a range": "layer: Made\ninputs:\n  codes: {shape: [batch, n], dtype: int32, min: 0}\n"
    "  outside: [batch, n]\n  values: [batch, n]\nforward: outside * values\n",
    "shapes of a list": "layer: Made\ninputs:\n  y: [batch, shape]\n"
    "  xs: {shape: [batch, shape], many: true}\nforward: y + xs[0]\n",
    "a loop's variable": "layer: Made\nargs: {widths: 'list[int]'}\n"
    "inputs: [batch, d]\nlayers: {hidden: {make: Dense(index), for: index in widths}}\n"
    "forward: |\n  for one in hidden:\n    x = one(x)\n  return x\n",
    "names of the test": "layer: Made\nargs: {pytest: int, layer: float = 0.5}\n"
    "inputs: {model: [batch, d], rng: [batch, d], weights: [batch, d]}\n"
    "layers: {dense: Dense(pytest)}\nforward: dense(model) + dense(rng) * layer + dense(weights)\n"
    "reference: |\n  reference = model * weights\n  return reference\n",
    "names of a gradient": "layer: Made\ninputs: [batch, d]\nfunctions:\n  grad:\n"
    "    args: [args, forward, with_gradient]\n"
    "    forward: ops.sin(args) * forward + with_gradient\n    gradient: auto\n"
    "forward: grad(x, x, x)\n",
    "an argument called like the function": BASE.format("both").replace("units", "made")
    + "inputs: [batch, d]\nweights: {kernel: [d, made]}\nforward: x @ kernel\n",
    "a tensor of tensors": "layer: Made\ninputs: {x: [batch, d], tensor: {shape: [batch, d], many: true}}\n"
    "forward: x + tensor[0]\n",
}
REFUSALS = {
    "forward assigns to `len`": "forward: |\n  len = ops.sin(x)\n  return len",
    "forward assigns to `activations`": "forward: |\n  activations = x\n  return x",
    "a module": "imports: import json as keras\nforward: x * len(keras.dumps(1))",
    "a builtin": "imports: import json as len\nforward: x",
    "a name of the constructor": "imports: import json as seed\nforward: x",
    "a name of the test": "imports: import json as pytest\nforward: x",
    "a function of the test": "functions: {test_it: {args: [z], forward: z}}\nforward: test_it(x)",
}


# spec: names-made, functional-names
@pytest.mark.parametrize("title", SPECS)
def test_made_names_give_way(title: str) -> None:
    assert outcome(SPECS[title]) == RENDERED


# spec: names-beside, names-imports
@pytest.mark.parametrize("title", REFUSALS)
def test_what_cannot_give_way_is_refused(title: str) -> None:
    text = f"layer: Made\ninputs: [batch, d]\n{REFUSALS[title]}\n"
    found = {problem.code for problem in read_spec(text, "made.yaml").problems}
    assert found & {"LG403", "LG404", "LG408"}
    assert outcome(text) == REFUSED


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.integers(0, 2**32))
def test_random_names(seed: int) -> None:
    assert outcome(spec_text(random.Random(seed))) in (REFUSED, RENDERED)


def test_random_specs_mostly_render() -> None:
    """The specs are such that most of what is drawn comes to the code."""
    found = [outcome(spec_text(random.Random(seed))) for seed in range(60)]
    assert found.count(RENDERED) > 30


MODULE = "import keras\n\n\ndef made(x, units):\n    {}\n    return x * units\n"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x = x + nowhere", "`nowhere` is unbound in made"),
        ("if units: near = x\n    x = near", "`near` may have no value in made"),
        ("units = len(x.shape)", "`units` gets another value in made"),
        ("x = [units for units in range(3)]", "a loop hides ['units']"),
        ("x = [i for i, i in enumerate(x)]", "['i', 'i'] in one loop"),
    ],
)
def test_finds_what_does_not_hold(line: str, fault: str) -> None:
    text = "layer: Made\nargs: {units: int}\ninputs: [batch, d]\nforward: |\n"
    spec = read_spec(f"{text}  x = x * units\n  return x", "made.yaml", "other").spec
    assert spec is not None
    assert faults(MODULE.format("pass"), spec) == []
    assert fault in faults(MODULE.format(line), spec)


def test_fresh_names() -> None:
    scope = Scope.of(["values", "values_1"], ["shape"])
    assert [*map(scope.fresh, ("values", "shape", "index", "class"))] == [
        *("values_2", "shape_1", "index", "class_1")
    ]
    assert scope.beside(["index"]).fresh("index") == "index_1"
    assert scope.fresh("index") == "index"
