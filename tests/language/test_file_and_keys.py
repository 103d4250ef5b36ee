"""The file, the names and the keys of a spec."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml
from language.reading import HEAD, codes, messages, module, spec_of, squeezed, texts

from layergen.codes import SPEC_CODES
from layergen.language import fields
from layergen.loading import read_spec
from layergen.rendering import render

DOCUMENT = (Path(__file__).parents[2] / "docs" / "spec.md").read_text("utf-8")
EXAMPLE = DOCUMENT.split("```yaml\n")[1].split("```")[0]


LAYERS = [
    block
    for block in re.findall("```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    if block.startswith("layer: ")
]


def table(anchor: str) -> list[list[str]]:
    """The rows of the table behind an anchor."""
    lines = DOCUMENT.split(f'<a id="{anchor}"></a>')[1].strip().splitlines()
    rows = []
    for line in lines[2:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.mark.parametrize("text", LAYERS)
def test_each_layer_of_the_document_is_one(text: str) -> None:
    reading = read_spec(text, "made.yaml")
    assert not reading.problems and reading.spec and text.count("\n") <= 25
    render(reading.spec)


# spec: spec
def test_the_first_example_gives_a_layer_and_its_test() -> None:
    reading = read_spec(EXAMPLE, "swish_dense.yaml")
    assert not reading.problems and reading.spec
    files = render(reading.spec)
    assert "class SwishDense(keras.layers.Layer):" in files["swish_dense.py"]
    assert "def test_contract(case, check):" in files["test_swish_dense.py"]


# spec: spec-constructor
def test_the_first_example_has_the_constructor_that_the_document_shows() -> None:
    signature = re.search(r"`SwishDense\((.*?)\)`", DOCUMENT, re.DOTALL)
    assert signature
    wanted = "def __init__(self, " + squeezed(signature[1])
    assert wanted in squeezed(module(EXAMPLE))


# spec: spec-module
def test_module_and_test_are_named_after_the_file_or_else_the_class() -> None:
    named = read_spec(EXAMPLE, "own_name.yaml", "own_name").spec
    unnamed = read_spec(EXAMPLE, "spec").spec
    assert named and set(render(named)) == {"own_name.py", "test_own_name.py"}
    assert unnamed and set(render(unnamed)) == {"swish_dense.py", "test_swish_dense.py"}


# spec: spec-attributes
def test_what_a_spec_declares_is_an_attribute_of_its_own_name() -> None:
    text = module(
        HEAD + "args: {rate: float}\nweights: {w: [d]}\nstates: {s: [d]}\n"
        "layers: {dense: Dense(d)}\nderived: {half: d // 2}\n"
        "forward: |\n  s = s + x[0]\n  return dense(x) * w * rate * half\n"
    )
    for name in ("rate", "w", "s", "dense", "half"):
        assert f"        self.{name} = " in text


# spec: spec-data
def test_generating_imports_nothing_of_a_spec() -> None:
    text = (
        HEAD + "imports: import made_up\nlayers: {a: made_up.Cell(3)}\nforward: a(x)\n"
    )
    assert "import made_up" in module(text)
    assert "made_up" not in sys.modules


# spec: spec-problems
def test_all_errors_are_reported_at_once_with_place_line_and_hint() -> None:
    text = HEAD + "args: {units: itn}\nweights: {w: [e]}\nforward: x * w * unts\n"
    assert codes(text) == ["LG207", "LG302", "LG406"]
    shown = messages(text).splitlines()
    assert shown[0] == "made.yaml:3:15: LG207 unknown type `itn`"
    assert shown[1:4] == [
        "    args: {units: itn}",
        "                  ^",
        "    hint: did you mean `int`?",
    ]


# spec: spec-problems
def test_warnings_stop_nothing() -> None:
    reading = read_spec(HEAD + "forward: x * 1e9\n", "made.yaml")
    assert [problem.is_warning for problem in reading.problems] == [True]
    assert reading.spec is not None


# spec: names-keras
@pytest.mark.parametrize("name", ["output", "losses", "path", "build", "call"])
def test_names_of_keras_are_free_where_the_class_stores_nothing(name: str) -> None:
    assert not codes(f"layer: Made\ninputs: {{{name}: [batch, d]}}\nforward: {name}\n")
    assert codes(HEAD + f"weights: {{{name}: [d]}}\nforward: x * {name}\n") == ["LG402"]


# spec: names-once
def test_a_dimension_may_be_an_argument_or_a_derived_value() -> None:
    assert not codes(
        "layer: Made\nargs: {n: int}\ninputs: {x: [batch, n], y: [batch, k]}\n"
        "derived: {k: n * 2}\nforward: x[:, :1] * y\n"
    )


# spec: names-made
@pytest.mark.parametrize(
    "name", ["w_initializer", "kwargs", "seed", "seed_generator", "numpy"]
)
def test_names_that_the_class_makes_are_taken(name: str) -> None:
    text = HEAD + f"weights: {{w: [d]}}\nargs: {{{name}: int}}\n"
    assert codes(text + f"forward: x * w * {name}\n") == ["LG404"]


TABLES = {
    "keys-table": fields.SPEC,
    "args-long-keys": fields.CALL_ARG,
    "inputs-long-keys": fields.INPUT,
    "outputs-keys": fields.OUTPUT,
    "weights-keys": fields.WEIGHT,
    "states-keys": fields.STATE,
    "layers-keys": fields.LAYER,
    "functions-keys": fields.FUNCTION,
}


# spec: keys-table, args-long-keys, inputs-long-keys, weights-keys, states-keys
# spec: outputs-keys, layers-keys, functions-keys
@pytest.mark.parametrize("anchor", TABLES)
def test_tables_of_the_document_are_those_of_the_reader(anchor: str) -> None:
    for row, field in zip(table(anchor), TABLES[anchor], strict=True):
        assert row[0] == f"`{field.key}`"
        required = row[2] == "yes" if len(row) > 2 else row[1].endswith("; required")
        assert required is field.required


# spec: keys, keys-table
@pytest.mark.parametrize("key", ["layer", "inputs", "forward"])
def test_three_keys_are_required(key: str) -> None:
    text = yaml.safe_load(HEAD + "forward: x\n")
    del text[key]
    assert "LG202" in codes(yaml.safe_dump(text))
    assert not codes(HEAD + "forward: x\n")


# spec: keys-unknown
def test_a_misspelt_key_is_read_as_the_one_that_it_is_like() -> None:
    text = HEAD + "wieghts: {w: [e]}\nforward: x * w\n"
    assert codes(text) == ["LG201", "LG302"]
    assert "did you mean `weights`?" in messages(text)
    both = HEAD + "wieghts: {w: [e]}\nweights: {w: [d]}\nforward: x * w\n"
    assert codes(both) == ["LG201"]


# spec: keys-imports
def test_imports_are_known_in_code_and_not_in_conditions() -> None:
    text = HEAD + "imports: from math import tau as turn\n"
    assert "return x * turn" in module(text + "forward: x * turn\n")
    assert codes(text + "derived: {a: turn}\nforward: x * a\n") == ["LG413"]
    assert codes(text + "require: {turn > 1: never}\nforward: x\n") == ["LG413"]


# spec: slow, warnings
def test_slow_code_is_an_error_and_the_rest_a_warning_each_with_the_better_way() -> (
    None
):
    for code, explanation in SPEC_CODES.items():
        if code.startswith(("LG5", "LGW")):
            [problem, *_] = read_spec(explanation.bad, "made.yaml").problems
            assert problem.is_warning is code.startswith("LGW")
            assert problem.hint and problem.quoted


# spec: code-matmul
def test_matmul_is_that_of_ops() -> None:
    assert "ops.matmul(x, self.w)" in module(
        HEAD + "weights: {w: [d, 3]}\nforward: ops.tanh(x @ w)\n"
    )


# spec: style-class
def test_a_class_is_registered() -> None:
    code, test = texts(HEAD + "style: class\nforward: x\n")
    assert "@keras.saving.register_keras_serializable(" in code
    assert "class Made(keras.layers.Layer):" in code
    assert "from made import Made" in test
    assert spec_of(HEAD + "forward: x\n").style == "class"
