"""Inputs that come in one list or dict, and outputs that go so: what the class then does."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.rendering import render


def written(text: str) -> str:
    reading = read_spec(f"layer: Made\n{text}", "made.yaml")
    assert reading.spec, reading.problems
    return render(reading.spec)["made.py"]


def made(text: str):
    found = {"__name__": "made"}
    exec(compile(written(text), "made.py", "exec"), found)
    return found["Made"]


X, A = np.ones((2, 3), "float32"), np.ones((2, 4), "float32")
LIST = "inputs: {z: [batch, d], a: [batch, e]}\ninputs_as: list\nweights: {k: [d, e]}\nforward: z @ k + a"
DICT = LIST.replace("list", "dict")


# spec: inputs-as-structure
@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        (LIST, [X], r"expects 2 input\(s\), but it received 1"),
        (LIST, X, r"expects 2 input\(s\), but it received 1"),
        (LIST, [X, A, A], r"expects 2 input\(s\), but it received 3"),
        (LIST, {"z": X, "a": A}, "called on a list of `z` and `a`"),
        (DICT, {"z": X}, 'Missing data for input "a"'),
        (DICT, [X, A], "called on a dict with the keys `z` and `a`"),
        (LIST, [X[0], A], "expected ndim=2, found ndim=1"),
        (DICT, {"z": X, "a": A[:1]}, "axis 0 of `a`"),
    ],
)
def test_another_structure_is_refused(text: str, given: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        made(text)()(given)


def test_sizes_are_held_from_the_first_call_on() -> None:
    layer = made(DICT)()
    layer({"z": X, "a": A})
    with pytest.raises(ValueError, match="axis -1 of `z`"):
        layer({"z": np.ones((2, 5)), "a": A})


@pytest.mark.parametrize("kind", ["list", "dict"])
def test_masks_go_by_name_and_not_by_place(kind: str) -> None:
    """Keras has the members of a dict in the order of their keys, `a` before `z`."""
    text = (
        "inputs: {z: [batch, time, d], a: [batch, time, d]}\ninputs_as: "
        f"{kind}\nmask: pass\noutputs: {{y: [batch, time, d], b: [batch, d]}}\n"
        f"outputs_as: {kind}\nforward: z + a, ops.sum(z, axis=1)"
    )
    z, a = (keras.ops.ones((1, 3, 2)) for _ in range(2))
    keras.src.backend.set_keras_mask(z, mask := keras.ops.array([[True, False, True]]))
    keras.src.backend.set_keras_mask(a, keras.ops.array([[False, False, True]]))
    found = made(text)()([z, a] if kind == "list" else {"z": z, "a": a})
    y, b = found if kind == "list" else (found["y"], found["b"])
    np.testing.assert_array_equal(y._keras_mask, mask)
    assert getattr(b, "_keras_mask", None) is None


# spec: inputs-as-optional
def test_a_member_that_may_be_left_out_is_absent_or_none() -> None:
    text = (
        "inputs: {x: [batch, d], y: {shape: [batch, d], optional: true}}\n"
        "inputs_as: dict\nmask: stop\n"
        "forward: x if y is None else x + (y if y_mask is None else 2 * y)"
    )
    layer = made(text)()
    for given in ({"x": X}, {"x": X, "y": None}):
        np.testing.assert_array_equal(layer(given), X)
    np.testing.assert_array_equal(layer({"x": X, "y": X}), X + X)
    np.testing.assert_array_equal(layer.call({"x": X, "y": X}), X + X)


def test_sublayers_whose_shapes_only_the_call_tells_are_built(tmp_path) -> None:
    text = (
        "args: {inner: Layer}\n"
        "inputs: {x: [batch, d], y: {shape: [batch, d], optional: true}}\n"
        "inputs_as: dict\nlayers: {last: Dense(3)}\n"
        "forward: last(inner(x if y is None else x + y))"
    )
    tensors = {name: keras.Input((3,), name=name) for name in ("x", "y")}
    layer = made(text)(keras.layers.Dense(4))
    model = keras.Model(tensors, layer(tensors))
    assert len(layer.weights) == 4
    assert layer.compute_output_shape({"x": (None, 3)}) == (None, 3)
    path = tmp_path / "model.keras"
    model.save(path)
    again = keras.models.load_model(path, custom_objects={"Made": type(layer)})
    given = {"x": X, "y": 2 * X}
    np.testing.assert_array_equal(again(given), model(given))


def test_names_of_parameters_give_way() -> None:
    text = written(LIST.replace("z", "inputs"))
    assert "def call(self, inputs_1):\n        inputs, a = inputs_1\n" in text


# spec: outputs-when
def test_an_output_is_left_out_by_an_argument_of_the_call() -> None:
    text = (
        "inputs: [batch, d]\ncall_args: {both: bool = False}\n"
        "outputs: {y: [batch, d], z: {shape: [batch], dtype: int32, when: both}}\n"
        "forward: 2 * x, ops.argmax(x, axis=-1)"
    )
    layer, x = made(text)(), keras.Input((3,))
    np.testing.assert_array_equal(layer(X), 2 * X)
    assert layer(x).shape == (None, 3)
    assert [one.dtype for one in layer(x, both=True)] == ["float32", "int32"]
    assert layer.compute_output_shape((2, 3)) == (2, 3)
    assert layer.compute_output_shape((2, 3), both=True) == ((2, 3), (2,))
    y, z = layer(X, both=True)
    np.testing.assert_array_equal(z, [0, 0])


def test_shapes_that_only_the_call_tells_are_those_of_what_it_returns() -> None:
    text = (
        "args: {inner: Layer}\ninputs: [batch, d]\ncall_args: {both: bool = False}\n"
        "outputs: {y: [batch, _], z: {shape: [batch, _], when: both}}\n"
        "outputs_as: dict\nforward: |\n  y = inner(x)\n  return y, 2 * y"
    )
    layer = made(text)(keras.layers.Dense(4))
    assert layer.compute_output_shape((2, 3)) == {"y": (2, 4)}
    both = {"y": (2, 4), "z": (2, 4)}
    assert layer.compute_output_shape((2, 3), both=True) == both
    assert [*layer(X, both=True)] == ["y", "z"]


# spec: outputs-as
@pytest.mark.parametrize("forward", ["(x, -x,)", "( # both\n  x, (y := -x))", "x, -x"])
def test_tuples_are_put_together_however_they_are_written(forward: str) -> None:
    text = (
        "inputs: [batch, d]\noutputs: {y: [batch, d], b: [batch, d]}\n"
        f"outputs_as: dict\nforward: |\n  return {forward}"
    )
    found = made(text)()(X)
    assert [*found] == ["y", "b"]
    np.testing.assert_array_equal(found["b"], -X)


@pytest.mark.parametrize("flag", [True, False])
def test_of_three_outputs_one_is_left_out(flag: bool) -> None:
    text = (
        "args: {flag: bool = True}\ninputs: [batch, d]\n"
        "outputs: {y: [batch, d], z: [batch], last: {shape: [batch, d], when: flag}}\n"
        "forward: 2 * x, ops.sum(x, axis=-1), 3 * x"
    )
    layer = made(text)(flag=flag)
    found = layer(X)
    assert len(found) == 2 + flag
    for right, value in zip((2 * X, X.sum(axis=-1), 3 * X), found, strict=False):
        np.testing.assert_array_equal(value, right)
    shapes = ((2, 3), (2,), (2, 3))
    assert layer.compute_output_shape((2, 3)) == shapes[: 2 + flag]
