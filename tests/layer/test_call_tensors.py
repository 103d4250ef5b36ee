"""Arguments of `call` that are numbers or scalar tensors, and those that come by position."""

from __future__ import annotations

import inspect

import keras
import numpy as np
import pytest

from layergen import gallery
from layergen.loading import read_spec
from layergen.rendering import render

X = np.arange(12.0, dtype="float32").reshape(2, 3, 2)


def made(text: str) -> type[keras.layers.Layer]:
    """The class of a spec, called `Made` unless the spec says otherwise."""
    text = text if text.startswith(("layer:", "#")) else f"layer: Made\n{text}"
    reading = read_spec(text, "made.yaml")
    assert reading.spec is not None, list(map(str, reading.problems))
    namespace: dict[str, object] = {}
    exec(next(iter(render(reading.spec, "class").values())), namespace)
    layer = namespace[reading.spec.layer]
    assert isinstance(layer, type)
    return layer


SHIFT = "inputs: [batch, time, d]\ncall_args: {by: %s}\nforward: x + by"


# spec: call-args-tensors
@pytest.mark.parametrize(
    "by",
    [
        *(3, np.int64(3), np.uint8(3), np.array(3), keras.ops.array(3, "int64")),
        keras.Variable(3, dtype="int32", trainable=False).value,
    ],
)
def test_numbers_and_scalar_tensors_of_integers_are_taken(by) -> None:
    np.testing.assert_array_equal(made(SHIFT % "int | Tensor")()(X, by=by), X + 3)


# spec: call-args-tensors
@pytest.mark.parametrize("by", [0.5, 1, np.float64(0.5), keras.ops.array(0.5)])
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "float64"])
def test_numbers_and_scalar_tensors_of_floats_are_taken(by, policy) -> None:
    layer = made(SHIFT % "float | Tensor")(dtype=policy)
    found = layer(X, by=by)
    assert found.dtype == layer.compute_dtype
    np.testing.assert_array_equal(keras.ops.cast(found, "float32"), X + float(by))


# spec: call-args-tensors
@pytest.mark.parametrize("by", [0.5, True, "1", None, [1], -1])
def test_other_values_are_refused(by) -> None:
    layer = made(SHIFT % "{type: int | Tensor, min: 0}")()
    with pytest.raises(ValueError, match="`by` must be a non-negative integer or a sc"):
        layer(X, by=by)


@pytest.mark.parametrize("by", [np.array(0.5), np.array([1]), np.array(True)])
def test_other_tensors_are_refused(by) -> None:
    layer = made(SHIFT % "int | Tensor")()
    with pytest.raises(ValueError, match="`by` must be an integer or a scalar tensor"):
        layer(X, by=by)


# spec: call-args-tensors
def test_it_may_be_none() -> None:
    text = SHIFT.replace("x + by", "x if by is None else x + by")
    layer = made(text % "int | Tensor | None = None")()
    np.testing.assert_array_equal(layer(X), X)
    np.testing.assert_array_equal(layer(X, by=keras.ops.array(2)), X + 2)


# spec: call-args-tensors
def test_a_functional_model_takes_it_as_an_input() -> None:
    x, by = keras.Input((3, 2)), keras.Input(batch_shape=(), dtype="int32")
    model = keras.Model([x, by], made(SHIFT % "int | Tensor")()(x, by=by))
    np.testing.assert_array_equal(model([X, np.array(2)]), X + 2)


# spec: call-args-positional
def test_positional_ones_stand_between_inputs_and_masks() -> None:
    layer = made(
        "inputs: {x: [batch, time, d], y: {shape: [batch, d], optional: true}}\n"
        "call_args: {late: int = 1, by: {type: int | Tensor, default: 0, positional: true}}\n"
        "forward: |\n  if training:\n    x = -x\n"
        "  x = x if x_mask is None else x * x_mask[..., None]\n"
        "  return x + by * late if y is None else x + y[:, None]"
    )
    parameters = [*inspect.signature(layer.call).parameters.values()][1:]
    assert [str(one) for one in parameters] == [
        *("x", "y=None", "by=0", "x_mask=None", "training=False", "late=1"),
    ]
    assert [one.name for one in parameters if one.kind is one.KEYWORD_ONLY] == ["late"]
    np.testing.assert_array_equal(layer()(X, None, keras.ops.array(2)), X + 2)
    np.testing.assert_array_equal(layer()(X, None, np.int64(2)), X + 2)


KEEPS = {
    "one input": ("inputs: [batch, time, d]", "mask", lambda x: x),
    "a dict": (
        "inputs: {x: [batch, time, d], z: [batch, d]}\ninputs_as: dict",
        "x_mask",
        lambda x: {"x": x, "z": X[:, 0]},
    ),
    "a list": (
        "inputs: {x: [batch, time, d], z: [batch, d]}\ninputs_as: list",
        "x_mask",
        lambda x: [x, X[:, 0]],
    ),
    "several": (
        "inputs: {x: [batch, time, d], z: [batch, d]}",
        "x_mask",
        lambda x: (x, X[:, 0]),
    ),
}


# spec: masks-optional
@pytest.mark.parametrize("kind", KEEPS)
@pytest.mark.parametrize("by", [1, np.int32(1)])
def test_masks_come_beside_tensors(kind: str, by: object) -> None:
    inputs, mask, given = KEEPS[kind]
    layer = made(
        f"{inputs}\ncall_args: {{by: int | Tensor}}\n"
        f"forward: x + by if {mask} is None else {mask}[..., None] * (x + by)"
    )()
    x, kept = keras.ops.array(X), np.array([[True, False, True]] * 2)
    x._keras_mask = keras.ops.array(kept)
    passed = given(x)
    passed = passed if isinstance(passed, tuple) else (passed,)
    expected = kept[..., None] * (X + 1)
    np.testing.assert_array_equal(layer(*passed, by=by), expected)


# spec: call-args-tensors
def test_a_decoder_step_by_step_is_the_whole_sequence() -> None:
    layer = made(gallery.text("cached_attention"))(4)
    cache = keras.ops.zeros((2, 2, 3, 4))
    whole, filled = layer(X, cache)
    for start in (lambda t: t, keras.ops.array):
        steps, one = [], cache
        for t in range(3):
            y, one = layer(X[:, t : t + 1], one, start_index=start(t))
            steps.append(y)
        np.testing.assert_allclose(np.concatenate(steps, 1), whole, rtol=1e-5)
        np.testing.assert_allclose(one, filled, rtol=1e-5)


def test_rotations_depend_on_distances_alone() -> None:
    layer = made(gallery.text("rotary_embedding"))()
    query, key = layer(X), layer(X[::-1])
    later = [layer(one, start_index=np.int64(7)) for one in (X, X[::-1])]
    near, far = (np.einsum("bif,bjf->bij", *pair) for pair in ((query, key), later))
    np.testing.assert_allclose(near, far, rtol=1e-3)
    for t in range(3):
        step = layer(X[:, t : t + 1], start_index=keras.ops.array(t))
        np.testing.assert_allclose(step[:, 0], query[:, t], rtol=1e-5)
