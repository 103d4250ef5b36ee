"""A starter spec says in YAML what was said in flags."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from layergen.commands.new_starter import Wish, scalar, starter
from layergen.errors import UserError

FULL = Wish(
    doc="A gate.",
    args=("units: int", 'mode: Literal["mean", "max"] = "mean"'),
    inputs=("..., features",),
    output="..., units",
    weights=("kernel: [features, units]", "bias: {shape: [units], initializer: zeros}"),
    activation="swish",
    forward="x @ kernel + bias",
)


def test_layout():
    assert starter("Gate", FULL) == (
        "layer: Gate\n"
        "doc: A gate.\n"
        "args:\n"
        "  units: int\n"
        '  mode: Literal["mean", "max"] = "mean"\n'
        "inputs: [..., features]\n"
        "outputs: [..., units]\n"
        "weights:\n"
        "  kernel: [features, units]\n"
        "  bias: {shape: [units], initializer: zeros}\n"
        "activation: swish\n"
        "forward: x @ kernel + bias\n"
    )


def test_several_inputs():
    wish = Wish(inputs=("query: batch, q, d", "value: [batch, v, d]"), forward="query")
    assert yaml.safe_load(starter("Pair", wish))["inputs"] == {
        "query": ["batch", "q", "d"],
        "value": ["batch", "v", "d"],
    }


def test_computation_with_units_is_a_dense_one():
    spec = yaml.safe_load(starter("Gate", Wish(args=("units: int",))))
    assert spec["weights"]["kernel"] == ["features", "units"]
    assert spec["forward"] == "x @ kernel + bias"
    assert spec["outputs"] == ["...", "units"]


def test_computation_without_units_hands_the_input_on():
    spec = yaml.safe_load(starter("Same", Wish(inputs=("batch, n",))))
    assert spec == {
        "layer": "Same",
        "inputs": ["batch", "n"],
        "outputs": ["batch", "n"],
        "forward": "x",
    }


def test_block_for_several_lines():
    wish = Wish(inputs=("any",), forward="y = x + 1\nreturn y")
    text = starter("Block", wish)
    assert text.endswith("forward: |-\n  y = x + 1\n  return y\n")
    assert yaml.safe_load(text)["inputs"] == "any"


@pytest.mark.parametrize(
    "wish",
    [
        Wish(args=("units",)),
        Wish(weights=("kernel: [a",), forward="x"),
        Wish(weights=("kernel: [a] # b",), forward="x"),
        Wish(weights=("kernel: [a]\nforward: evil",), forward="x"),
        Wish(weights=("kernel: [a]",)),
        Wish(args=("units: {type: int",)),
        Wish(inputs=("a, b", "c, d")),
        Wish(output="a]\nforward: [evil"),
    ],
)
def test_what_cannot_be_a_spec_is_refused(wish):
    with pytest.raises(UserError):
        starter("Bad", wish)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_scalars_come_back(text):
    assert yaml.safe_load(f"a:\n  b: {scalar(text, 2)}\nc: d\n") == {
        "a": {"b": text},
        "c": "d",
    }


@given(st.lists(st.sampled_from(["...", "...s", "n", "2 * n", "(a+b)//2", "_", "3"])))
def test_dimensions_come_back(dims):
    text = starter("Any", Wish(inputs=(", ".join(dims),), forward="x"))
    assert [str(dim) for dim in yaml.safe_load(text)["inputs"]] == dims


# Each of these would be cut or misread if it were written plainly.
@pytest.mark.parametrize(
    "text", ["a: b", "a #b", "[a]", "{a}", "'a'", '"a"', "*a", "12", "null", "yes", ""]
)
def test_guard_plain_text_would_be_misread(text):
    try:
        assert yaml.safe_load(f"key: {text}") != {"key": text}
    except yaml.YAMLError:
        pass
    assert yaml.safe_load(f"key: {scalar(text)}") == {"key": text}
