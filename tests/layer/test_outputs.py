"""Outputs that nobody states: told by the code, or left to Keras."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import layergen
from layergen.example.values import example_sizes
from layergen.language.model import Spec
from layergen.layer.casts import keras_infers
from layergen.layer.facts import Facts
from layergen.layer.inferred import ANY
from layergen.layer.outputs import output_shape, output_spec
from layergen.loading import read_spec

SPECS = [
    *(Path(layergen.__file__).parent / "gallery").glob("*.yaml"),
    *(Path(__file__).parent.parent / "specs").glob("*.yaml"),
]
# Of these the code does not tell the shape: layers of lists, operations of any rank,
# functions that are imported, given layers, axes by number.
UNTOLD = {
    *("chosen_axis", "chosen_layers", "neuron_stack", "sized_parts"),
    *("same_rest", "three_point_dependency", "two_inputs", "with_neighbour"),
    *("wrapped_layer", "activation_or_layer", "listed_steps"),
    *("batch_norm_lite", "looked_up_layer", "rotary_embedding", "tensor_calls"),
}


def read(text: str) -> Spec:
    reading = read_spec(text, "a.yaml")
    assert reading.spec, reading.problems
    return reading.spec


def shape(inputs: str, forward: str, more: str = "") -> str | None:
    """What `compute_output_shape` returns, None where Keras goes through `call`."""
    facts = Facts(read(f"layer: A\ninputs: {inputs}\n{more}\nforward: {forward}"))
    if keras_infers(facts):
        return None
    return output_shape(facts).body[-1].text  # type: ignore[attr-defined, union-attr]


# spec: outputs-inferred
@pytest.mark.parametrize(
    ("inputs", "forward", "returned"),
    [
        (
            "[batch, time, features]",
            "ops.mean(x, axis=1)",
            "(input_shape[0], input_shape[-1])",
        ),
        ("[..., features]", "x * 2", "input_shape"),
        ("[_, _]", "ops.tanh(x)", "input_shape"),
        ("[..., features]", "ops.sum(x, axis=-1)", "input_shape[:-1]"),
        ("[_, d]", "x[:, :, None] * x[:, None]", "(*input_shape, input_shape[-1])"),
        (
            "[batch, _]",
            "ops.concatenate([x, x], axis=-1)",
            "(input_shape[0], None if input_shape[-1] is None else 2 * input_shape[-1])",
        ),
        (
            "{a: [batch, _], b: [batch, _]}",
            "ops.concatenate([a, b], axis=1)",
            "(a_shape[0], None if None in (a_shape[-1], b_shape[-1]) else "
            "a_shape[-1] + b_shape[-1])",
        ),
        ("[batch, d]", "(x, x[:, 0])", "input_shape, (input_shape[0],)"),
        ("{a: any, b: [batch, d]}", "b", "(b_shape[0], b_shape[-1])"),
        # Of the axes of `any` nothing is known.
        ("any", "x * 2", None),
        ("any", "ops.mean(x, axis=-1)", None),
        # Neither of axes that meet without a name.
        ("{a: [batch, _], b: [batch, _]}", "a + b", None),
        ("[batch, d]", "(*[x, x[:, 0]], x)", None),
        ("[batch, d]", "(x,)", None),
        # A list may come out where a tuple is told.
        ("[batch, d]", "'[x, x]'", None),
        # What an optional input is None of has no size.
        ("{a: [batch, _], b: {shape: [batch, _], optional: true}}", "b * 2", None),
    ],
)
def test_inferred_shape(inputs: str, forward: str, returned: str | None) -> None:
    found = shape(inputs, forward)
    assert found == (None if returned is None else f"return {returned}")


def test_names_of_outputs_that_are_told() -> None:
    code = "|\n  output_2 = x * 2\n  return output_2, x + 1, x, x, output_2[:, 0]"
    text = f"layer: A\ninputs: [batch, d]\nforward: {code}"
    names = [one.name for one in Facts(read(text)).outputs or ()]
    assert names == ["output_2", "output_2_1", "x", "output_4", "output_5"]


# spec: outputs-inferred
def test_every_return_must_agree() -> None:
    code = "|\n  if flat:\n    return {}\n  return {}"
    more, inputs = "args: {flat: bool}", "[batch, time, d]"
    assert shape(inputs, code.format("x[:, 0]", "x"), more) is None
    assert shape(inputs, code.format("x * 2", "x"), more) == "return input_shape"


# spec: outputs-inferred
def test_a_size_of_a_call_is_unknown() -> None:
    assert shape(
        "[batch, d]", "x[:, None] * ops.ones((k, 1))", "call_args: {k: int}"
    ) is (None)


# spec: outputs-inferred
@pytest.mark.parametrize(
    ("layers", "forward", "returned"),
    [
        (
            "{up: 'Conv1DTranspose(4, 3)', back: 'Conv1DTranspose(4, 3)'}",
            "back(up(x))",
            "self.back.compute_output_shape(self.up.compute_output_shape(input_shape))",
        ),
        (
            "{up: 'Conv1DTranspose(4, 3)'}",
            "up(x[:, 1:])",
            "self.up.compute_output_shape((input_shape[0], "
            "None if time is None else time - 1, input_shape[-1]))",
        ),
        ("{last: Dense(4)}", "last(x)", "(*input_shape[:-1], 4)"),
        # Another spec's layer may leave its shape to Keras.
        ("{inner: MyPool(), last: Dense(4)}", "last(inner(x))", None),
        ("{conv: {make: 'Conv1D(4, 3)', when: flag}}", "conv(x) if flag else x", None),
    ],
)
def test_a_shape_that_a_sublayer_makes(
    layers: str, forward: str, returned: str | None
) -> None:
    more = f"layers: {layers}\nargs: {{flag: bool = True}}"
    found = shape("[batch, time, d]", forward, more)
    assert (found or "").partition("return ")[2] == (returned or "")


# spec: outputs-dtype
@pytest.mark.parametrize("outputs", ["", "outputs: [batch]"])
@pytest.mark.parametrize(
    ("forward", "dtype"),
    [
        ("ops.argmax(x, axis=-1)", "int32"),
        ("ops.any(x > 0, axis=-1)", "bool"),
        ("ops.sum(x, axis=-1)", None),
    ],
)
def test_dtype_of_the_code(outputs: str, forward: str, dtype: str | None) -> None:
    text = f"layer: A\ninputs: [batch, d]\n{outputs}\nforward: {forward}"
    facts = Facts(read(text))
    [told] = facts.outputs or ()
    assert (str(told.shape), told.dtype) == ("[batch]", dtype)
    found = output_spec(facts)
    assert (found is None) is (dtype is None)
    assert found is None or f'dtype="{dtype}"' in found.body[0].text  # type: ignore[attr-defined]


# spec: outputs-dtype
def test_integers_alone_are_cast() -> None:
    inputs = "{x: {shape: [batch], dtype: int32, min: 0, below: 4}}"
    text = f"layer: A\ninputs: {inputs}\noutputs: [batch, 4]\nforward: "
    facts = Facts(read(f"{text}ops.one_hot(x, 4)"))
    assert [one.dtype for one in facts.outputs or ()] == [None]
    # Without a statement they stay as Keras makes them, and Keras says so.
    assert Facts(replace(facts.spec, outputs=None)).outputs is None


@pytest.mark.parametrize(
    ("inputs", "forward", "shape"),
    [
        (
            "[batch, time]",
            "x[:, 0][:, None] * ops.ones((left,), dtype=x.dtype)",
            (2, 1),
        ),
        ("[batch, time]", "x[:, :0]", (2, 0)),
    ],
)
def test_the_example_has_such_sizes(
    inputs: str, forward: str, shape: tuple[int, ...]
) -> None:
    """Sizes of outputs that rest on names are at least 1, told or stated."""
    more = "derived: {left: time - 4}" if "left" in forward else ""
    facts = Facts(read(f"layer: A\ninputs: {inputs}\n{more}\nforward: {forward}"))
    [output] = facts.outputs or ()
    assert example_sizes(facts).known(output.shape) == shape


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_as_if_stated(path: Path) -> None:
    """What is told of each spec's outputs is what the spec states, in the same words."""
    spec = read_spec(path.read_text("utf-8"), path.name, path.stem).spec
    assert spec
    stated = Facts(spec)
    if not spec.outputs or not all(one.shape.is_stated for one in spec.outputs):
        pytest.skip("states no outputs")
    named = spec.outputs_as != "tuple" or spec.leaves_out
    bare = (replace(one, shape=ANY, dtype=None) for one in spec.outputs)
    told = Facts(replace(spec, outputs=tuple(bare) if named else None))
    if path.stem in UNTOLD:
        assert keras_infers(told)
    else:
        assert output_shape(told) == output_shape(stated)
