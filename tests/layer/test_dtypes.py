"""Where dtypes meet: values as NumPy computes them, in every precision, at open sizes."""

from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from meeting_dtypes import MEETINGS, Meeting, tensors

from layergen.loading import read_spec
from layergen.rendering import render

POLICIES = {
    "float32": 1e-5,
    "mixed_float16": 4e-3,
    "mixed_bfloat16": 4e-2,
    "float64": 1e-10,
}
CLASSES_ALONE = {"counted_loops", "each_row", "size_of_the_batch", "whole_gradient"}
"""What the functional style does not do for reasons of its own."""


@cache
def made(text: str, style: str) -> Any:
    """The class of a spec, or the function that builds its model."""
    reading = read_spec(text, "meeting.yaml", style=style)
    assert reading.spec is not None, list(map(str, reading.problems))
    module = next(iter(render(reading.spec, style).values()))
    namespace: dict[str, Any] = {"__name__": "meeting"}
    exec(compile(module, "meeting.py", "exec"), namespace)
    return namespace["Meeting" if style == "class" else "meeting"]


def given(meeting: Meeting) -> dict[str, np.ndarray]:
    """The inputs of a layer by name."""
    found = vars(tensors())
    spec = read_spec(meeting.text, "meeting.yaml").spec
    assert spec is not None
    return {tensor.name: found[tensor.name] for tensor in spec.inputs}


def hold(found: Any, meeting: Meeting, policy: str) -> None:
    compute = keras.dtype_policies.get(policy).compute_dtype
    assert keras.backend.standardize_dtype(found.dtype) == compute
    bound = POLICIES[policy]
    right = meeting.expected(**given(meeting))
    values = keras.ops.convert_to_numpy(keras.ops.cast(found, "float64"))
    np.testing.assert_allclose(values, right, rtol=bound, atol=bound)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", MEETINGS)
def test_values(name: str, policy: str) -> None:
    meeting = MEETINGS[name]
    layer = made(meeting.text, "class")(**dict(meeting.arguments), dtype=policy)
    compute = keras.dtype_policies.get(policy).compute_dtype
    tensors = [
        tf.constant(value, compute if value.dtype.kind == "f" else value.dtype)
        for value in given(meeting).values()
    ]
    hold(layer(*tensors), meeting, policy)
    open_sizes = [tf.TensorSpec((None, None), tensor.dtype) for tensor in tensors]
    graph = tf.function(lambda *given: layer(*given), input_signature=open_sizes)
    hold(graph(*tensors), meeting, policy)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", [n for n in MEETINGS if n not in CLASSES_ALONE])
def test_values_of_models(name: str, policy: str) -> None:
    meeting = MEETINGS[name]
    values = given(meeting)
    build = made(meeting.text, "functional")
    shapes = [value.shape[1:] for value in values.values()]
    model = build(*shapes, **dict(meeting.arguments), dtype=policy)
    tensors = [*values.values()]
    hold(model(tensors[0] if len(tensors) == 1 else tensors), meeting, policy)


COUNTER = """\
layer: Meeting
inputs: [batch, features]
states: {seen: {shape: [], dtype: int32}, mean: {shape: [], dtype: float32}}
forward: |
  if training:
      seen += batch
      mean = mean + (ops.sum(ops.cast(x, "float32")) / batch - mean) / seen
  return x
"""


@pytest.mark.parametrize("policy", POLICIES)
def test_an_integer_state_counts_exactly(policy: str) -> None:
    """Beside an integer a size stays one: 903 is no number of bfloat16."""
    layer = made(COUNTER, "class")(dtype=policy)
    compute = keras.dtype_policies.get(policy).compute_dtype
    open_sizes = tf.TensorSpec((None, None), compute)
    graph = tf.function(lambda x: layer(x, training=True), input_signature=[open_sizes])
    x = tf.ones((301, 2), compute)
    layer.build((None, 2))
    for _ in range(3):
        graph(x)
    assert int(layer.seen.numpy()) == 903
    means = [0.0]
    for count in (301, 602, 903):
        means.append(means[-1] + (2.0 - means[-1]) / count)
    np.testing.assert_allclose(layer.mean.numpy(), means[-1], rtol=1e-5)


WHOLE = """\
layer: Meeting
inputs: [batch, time]
outputs: [batch, time]
forward: ops.tanh(x) / time * ops.linspace(0.0, 1.0, 5) / ops.sqrt(4)
gradient: auto
example: {time: 5}
"""
FUNCTION = """\
layer: Meeting
inputs: [batch, time]
outputs: [batch, time]
functions:
  half: {args: [y], forward: y / ops.sqrt(4)}
  bent:
    args: [y]
    forward: half(ops.tanh(y)) * ops.linspace(0.0, 1.0, 5)
    gradient: auto
forward: bent(x) / time
example: {time: 5}
"""


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("text", [WHOLE, FUNCTION], ids=["whole", "function"])
def test_derived_gradients(text: str, policy: str) -> None:
    layer = made(text, "class")(dtype=policy)
    compute = keras.dtype_policies.get(policy).compute_dtype
    x = tensors().x
    given = tf.constant(x, compute)

    def slope(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        return tape.gradient(y, x)

    right = [[(1 - np.tanh(v) ** 2) / 10 * k / 4 for k, v in enumerate(r)] for r in x]
    open_sizes = tf.TensorSpec((None, None), compute)
    graph = tf.function(slope, input_signature=[open_sizes])
    for found in (slope(given), graph(given)):
        assert found.dtype == given.dtype
        values = tf.cast(found, "float64").numpy()
        np.testing.assert_allclose(values, right, rtol=4e-2, atol=POLICIES[policy])


STRAIGHT = """\
layer: Meeting
inputs: [batch, time]
outputs: [batch, time]
functions:
  signs:
    args: [y]
    forward: ops.sign(y)
    gradient: {surrogate: true, code: "d_y = upstream * (ops.abs(y) <= 1)"}
forward: signs(x)
"""
RAMPED = """\
layer: Meeting
inputs: [batch, time]
outputs: [batch, time]
forward: ops.relu(x)
gradient: {surrogate: true, code: "d_x = upstream * (x > 0) * ops.cast(x < 1, 'int32')"}
"""


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    ("text", "right"),
    [
        (STRAIGHT, lambda x: np.abs(x) <= 1),
        (RAMPED, lambda x: (x > 0) & (x < 1)),
    ],
    ids=["function", "whole"],
)
def test_written_gradients(text: str, right: Any, policy: str) -> None:
    """Bools and integers are cast where they meet `upstream`."""
    layer = made(text, "class")(dtype=policy)
    x = tensors().x
    given = tf.constant(x, keras.dtype_policies.get(policy).compute_dtype)
    with tf.GradientTape() as tape:
        tape.watch(given)
        y = layer(given) * 3
    found = tape.gradient(y, given)
    assert found.dtype == given.dtype
    values = tf.cast(found, "float64").numpy()
    np.testing.assert_array_equal(values, 3.0 * right(x))


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("function", ["convert_to_tensor", "array", "cast"])
def test_a_list_is_made_what_the_code_says(function: str, policy: str) -> None:
    """Thousandths are told apart in float32, and not in sixteen bits."""
    text = (
        "layer: Meeting\ninputs: [batch, 5]\n"
        'derived: {rates: "[2 + i / 4096 for i in range(5)]"}\n'
        f'forward: x + ops.cast((ops.{function}(rates, dtype="float32") - 2) * 4096, x.dtype)\n'
    )
    found = made(text, "class")(dtype=policy)(np.zeros((2, 5)))
    np.testing.assert_array_equal(found, np.broadcast_to(range(5), (2, 5)))


def test_a_tensor_that_is_made_of_a_list_is_cast_once() -> None:
    reading = read_spec(MEETINGS["list_by_its_name"].text, "meeting.yaml")
    assert reading.spec is not None
    page = render(reading.spec, "class")["meeting.py"]
    assert page.count("ops.cast(") == 1
