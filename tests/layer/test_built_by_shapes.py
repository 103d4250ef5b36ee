"""Sublayers behind operations are built by the shapes that the operations give."""

from __future__ import annotations

import ast

import pytest

from layergen.keras_tables import table
from layergen.keras_tables.operations import op
from layergen.layer.built import build_layers
from layergen.layer.facts import Facts
from layergen.layer.randomness import draw_arguments
from layergen.loading import read_spec
from layergen.source.statements import Run

SPEC = """\
layer: After
inputs: [batch, steps, features]
layers:
  hidden: Dense(4)
forward: {forward}
"""


def built(forward: str) -> str:
    reading = read_spec(SPEC.format(forward=forward), "after.yaml")
    assert reading.spec, reading.problems
    [statement] = build_layers(Facts(reading.spec))
    assert isinstance(statement, Run)
    return statement.text


def unary() -> list[str]:
    """The functions that need one tensor alone, and keep its shape."""
    found = [op(name) for name in table.OPS]
    return [
        one.name
        for one in found
        if one
        and one.keeps_shape
        and [p.required for p in one.parameters].count(True) == 1
    ]


@pytest.mark.parametrize("name", unary())
def test_every_operation_that_keeps_the_shape(name: str) -> None:
    assert built(f"hidden(ops.{name}(x))") == "self.hidden.build(input_shape)"


@pytest.mark.parametrize(
    ("forward", "shape"),
    [
        ("ops.flip(x, axis=1)", "input_shape"),
        ("ops.clip(x, 0.0, 1.0)", "input_shape"),
        ("ops.logaddexp(x, x)", "input_shape"),
        ("ops.maximum(x, x2=0.0)", "input_shape"),
        ("ops.max(x, axis=1)", "(input_shape[0], input_shape[-1])"),
        ("ops.prod(x, 1)", "(input_shape[0], input_shape[-1])"),
        ("ops.argmax(x, -1)", "input_shape[:-1]"),
        ("ops.sum(x, 1, True)", "(input_shape[0], 1, input_shape[-1])"),
        ("ops.squeeze(x[:, :1], 1)", "(input_shape[0], input_shape[-1])"),
        ("x[:, 0]", "(input_shape[0], input_shape[-1])"),
        ("ops.reshape(x, (batch, -1))", "(input_shape[0], features * steps)"),
        (
            "ops.transpose(x, (0, 2, 1))",
            "(input_shape[0], input_shape[-1], input_shape[1])",
        ),
        ("ops.einsum('bsf,btf->bst', x, x)", "(*input_shape[:-1], input_shape[1])"),
        (
            "ops.concatenate([x, x], axis=1)",
            "(input_shape[0], None if input_shape[1] is None else 2 * input_shape[1], "
            "input_shape[-1])",
        ),
    ],
)
def test_shapes(forward: str, shape: str) -> None:
    assert built(f"hidden({forward})") == f"self.hidden.build({shape})"


@pytest.mark.parametrize(
    "forward",
    ["ops.bitwise_and(x, x)", "ops.sum(x, **{})", "ops.unique(x)", "tf.nn.elu(x)"],
)
def test_what_shows_no_shape(forward: str) -> None:
    """Then Keras goes through `call`, on symbolic tensors."""
    comment, line = built(f"hidden({forward})").splitlines()
    assert comment.startswith("#")
    tensor = "keras.KerasTensor(input_shape, dtype=self.compute_dtype)"
    assert line == f"keras.Operation.compute_output_spec(self, {tensor})"


@pytest.mark.parametrize(
    ("call", "added"),
    [
        (
            "random.normal((2,))",
            ("dtype=self.compute_dtype", "seed=self.seed_generator"),
        ),
        (
            "random.gamma((2,), 0.5)",
            ("dtype=self.compute_dtype", "seed=self.seed_generator"),
        ),
        ('random.gamma((2,), 0.5, "float32")', ("seed=self.seed_generator",)),
        ("random.randint((2,), 0, 5)", ("seed=self.seed_generator",)),
        ("random.shuffle(x, seed=3)", ()),
        ("random.SeedGenerator()", ()),
    ],
)
def test_what_a_draw_is_given(call: str, added: tuple[str, ...]) -> None:
    tree = ast.parse(call, mode="eval").body
    assert isinstance(tree, ast.Call)
    assert draw_arguments(tree) == added


UNSEEN = """\
layer: After
args: {{inner: Layer, rate: float = 0.5}}
inputs: [batch, features]
layers:
  hidden: Dense(4)
  last: {last}
forward: |
  y = tf.nn.relu(hidden(x))
  return {call}
"""


@pytest.mark.parametrize(
    ("last", "call", "through"),
    [
        ("Dropout(rate)", "last(y)", False),
        ("Dropout(rate, seed=1)", "last(y, training=True)", False),
        (
            "{make: Dropout(rate), when: rate > 0}",
            "y if last is None else last(y)",
            False,
        ),
        ("Activation('relu')", "last(y)", False),
        ("Attention(use_scale=True)", "last([y, y])", True),
        ("Dense(3)", "last(y)", True),
        ("Activation(PReLU())", "last(y)", True),
        ("Activation(inner)", "last(y) + inner(x)", True),
    ],
)
def test_layers_that_need_no_building(last: str, call: str, through: bool) -> None:
    """Of those nobody sees the shape, and nothing is missing unless building makes it."""
    text = UNSEEN.format(last=last, call=call)
    if "inner" not in last:
        text = text.replace("inner: Layer, ", "")
    reading = read_spec(text, "a.yaml")
    assert reading.spec, list(map(str, reading.problems))
    found = [getattr(one, "text", "") for one in build_layers(Facts(reading.spec))]
    if through:
        assert "keras.Operation.compute_output_spec(" in found[-1]
    else:
        assert found == ["self.hidden.build(input_shape)"]


def test_training_that_comes_to_no_other_weights_is_not_gone_through() -> None:
    text = UNSEEN.format(last="Dropout(rate)", call="last(y) if training else y")
    text = text.replace("inner: Layer, ", "").replace("hidden(x)", "hidden(tf.abs(x))")
    reading = read_spec(text, "a.yaml")
    assert reading.spec, list(map(str, reading.problems))
    [one] = build_layers(Facts(reading.spec))
    assert isinstance(one, Run) and "training" not in one.text
