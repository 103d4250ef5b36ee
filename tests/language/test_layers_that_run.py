"""What layers do when they are built and called."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from language.reading import HEAD, codes, texts

from layergen.testing import CHECKS
from layergen.testing.runner import result_of


def made(text, name="Made"):
    """The class of a spec."""
    found = {"__name__": "made"}
    exec(compile(texts(text)[0], "made.py", "exec"), found)
    return found[name]


def ones(*shape):
    return np.ones(shape, "float32")


# spec: shapes-checked, shapes-mismatch
def test_shapes_are_checked_at_build_and_on_every_call():
    layer_class = made(
        "layer: Made\nargs: {n: int}\ninputs: {x: [batch, n], y: [batch, t, t]}\nforward: x\n"
    )
    wanted = r"(?s)mine: axis -1 of `y` .*size 4.*\(2, 4, 5\)"
    with pytest.raises(ValueError, match=wanted):
        layer_class(3, name="mine")(ones(2, 3), y=ones(2, 4, 5))
    layer = layer_class(3, name="mine")
    layer(ones(2, 3), y=ones(2, 4, 4))
    for x, y in ((ones(2, 5), ones(2, 4, 4)), (ones(2, 3), ones(2, 4, 5))):
        with pytest.raises(ValueError, match=r"mine.*(value 3|size 4)"):
            layer(x, y=y)


# spec: shapes-first-seen
def test_arithmetic_is_checked_against_the_axis_where_a_name_stands_alone():
    layer_class = made("layer: Made\ninputs: [batch, 2 * n, n]\nforward: x\n")
    assert layer_class()(ones(2, 6, 3)).shape == (2, 6, 3)
    with pytest.raises(ValueError, match=r"axis 1 of `x` \(2 \* n\) must have size 6"):
        layer_class()(ones(2, 5, 3))


# spec: shapes-unknown
def test_a_size_that_a_weight_needs_is_asked_for_and_then_fixed():
    layer_class = made(
        "layer: Made\ninputs: [batch, t, d]\nweights: {w: [d]}\nforward: x * w\n"
    )
    with pytest.raises(ValueError, match=r"last axis \(d\)"):
        layer_class()(keras.Input((3, None)))
    layer = layer_class()
    assert layer(keras.Input((None, 4), batch_size=None)).shape == (None, None, 4)
    with pytest.raises(ValueError, match="4"):
        layer(ones(2, 3, 5))


# spec: shapes-arithmetic, shapes-derived
def test_arithmetic_on_an_unknown_size_is_unknown():
    layer = made(
        "layer: Made\nargs: {n: int}\ninputs: [batch, t, d]\nderived: {k: n * 2}\n"
        "outputs: [batch, t - 1, k]\n"
        "forward: ops.repeat(x[:, 1:, :1], k, axis=-1)\n"
    )(3)
    assert layer.compute_output_shape((None, None, 5)) == (None, None, 6)
    assert layer.compute_output_shape((2, 4, 5)) == (2, 3, 6)


# spec: shapes-rest
def test_the_rest_is_that_of_the_first_input():
    layer = made(
        "layer: Made\ninputs: {x: [batch, ..., a], y: [batch, ...]}\nforward: x + y[..., None]\n"
    )()
    assert layer(ones(2, 3, 4, 5), y=ones(2, 3, 4)).shape == (2, 3, 4, 5)
    with pytest.raises(ValueError, match="must be those of `x`"):
        layer(ones(2, 3, 4, 5), y=ones(2, 3, 6))


# spec: inputs-range
def test_a_range_by_a_dimension():
    layer_class = made(
        "layer: Made\ninputs:\n  x: [batch, time, features]\n"
        "  at: {shape: [batch, picks], dtype: int32, min: 0, below: time}\n"
        "outputs: [batch, picks, features]\n"
        "forward: ops.take_along_axis(x, at[:, :, None], axis=1)\n"
    )
    x, at = np.arange(12.0).reshape(1, 4, 3), np.array([[3, 0]], "int32")
    assert np.array_equal(layer_class()(x, at), [[[9, 10, 11], [0, 1, 2]]])


# spec: inputs-many
def test_a_list_of_tensors():
    layer = made(
        HEAD[:12]
        + "inputs: {xs: {shape: [batch, d], many: count}}\nforward: sum(xs) / count\n"
    )()
    assert np.allclose(layer([ones(2, 3), 3 * ones(2, 3)]), 2)
    with pytest.raises(ValueError, match="size 3"):
        layer([ones(2, 3), ones(2, 4)])


# spec: args-array
def test_an_array_is_copied_and_checked():
    layer_class = made(
        HEAD + "args: {taps: {type: Array, shape: [d]}}\nforward: x * taps\n"
    )
    taps = np.arange(3.0)
    layer = layer_class(taps)
    taps[:] = 9
    assert np.allclose(layer(ones(1, 3)), [[0, 1, 2]])
    for wrong in (np.ones((3, 3)), np.array(["a"])):
        with pytest.raises(ValueError, match="array of numbers of shape"):
            layer_class(wrong)
    with pytest.raises(ValueError, match="3"):
        layer_class(np.ones(3))(ones(1, 4))


# spec: args-validated
def test_a_bool_is_no_int_and_an_int_is_a_float():
    layer_class = made(
        HEAD + "args: {n: int, r: {type: float, below: 2}}\nforward: x * n * r\n"
    )
    layer_class(3, 1)
    with pytest.raises(ValueError, match="`n` must be an integer. Received: n=True"):
        layer_class(True, 1)
    with pytest.raises(ValueError, match="`r` must be a number below 2. Received: r=2"):
        layer_class(3, 2)


# spec: weights-shared
def test_no_initializer_is_shared():
    layer_class = made(
        HEAD
        + "args: {init: Initializer}\nweights:\n  a: {shape: [d, 9], initializer: init}\n"
        "  b: {shape: [d, 9], initializer: init}\n"
        '  c: {shape: [d, 9], initializer: "RandomUniform(-1, 1)"}\n'
        "forward: x @ a + x @ b + x @ c\n"
    )
    one, other = layer_class("random_normal"), layer_class("random_normal")
    one.build((None, 4))
    assert not np.allclose(one.a, one.b)
    assert one.c_initializer is not other.c_initializer


# spec: weights-trainable, weights-dtype
def test_weights_that_are_not_trained_and_have_a_dtype_of_their_own():
    layer_class = made(
        HEAD + "args: {train: bool}\nweights:\n  a: {shape: [d], trainable: train}\n"
        "  b: {shape: [d], trainable: false, dtype: float64}\n"
        "forward: x * a * ops.cast(b, x.dtype)\n"
    )
    for train, wanted in ((True, ["a"]), (False, [])):
        layer = layer_class(train, dtype="mixed_float16")
        layer.build((None, 3))
        assert [weight.name for weight in layer.trainable_weights] == wanted
        assert (layer.a.dtype, layer.b.dtype) == ("float32", "float64")
        assert len(layer.weights) == 2


# spec: layers-given
def test_a_given_layer_keeps_its_policy_and_its_weights():
    inner = keras.layers.Dense(3, dtype="float64")
    inner.build((None, 3))
    kernel = inner.kernel.numpy()
    layer = made(HEAD + "args: {inner: Layer}\nforward: inner(x)\n")(inner)
    layer(ones(2, 3))
    assert layer.inner is inner and inner.dtype_policy.name == "float64"
    assert np.array_equal(inner.kernel, kernel)


# spec: states-read, states-dtype, states-assigned
def test_a_state_reads_as_what_was_assigned_and_is_kept_in_its_dtype():
    layer = made(
        HEAD + "states: {kept: {shape: [d], dtype: float32}, half: [d]}\n"
        "outputs: {a: [d], b: {shape: [d], dtype: float32}}\n"
        "forward: |\n  before = kept\n  half = ops.cast(x[0], 'float64') / 3\n"
        "  kept = half\n  return half, before\n"
    )(dtype="mixed_float16")
    first, before = layer(ones(2, 3))
    assert keras.backend.standardize_dtype(first.dtype) == "float64"
    assert before.dtype == "float32" and np.allclose(before, 0)
    assert np.allclose(layer.kept, np.float32(1 / 3), atol=1e-7)
    _, before = layer(ones(2, 3))
    assert np.allclose(before, 1 / 3)


# spec: states-reset
def test_reset_state():
    layer = made(
        HEAD
        + 'states: {a: {shape: [d], initializer: "RandomNormal()"}, n: {shape: [], dtype: int32}}\n'
        "forward: |\n  n += 1\n  a = a * 2\n  return x + a\n"
    )()
    layer.build((None, 50))
    start = layer.a.numpy()
    layer(ones(1, 50))
    layer.reset_state()
    assert int(layer.n.numpy()) == 0
    assert not np.allclose(layer.a, start) and np.std(layer.a) < 0.2


# spec: states-batch
def test_a_state_for_each_sample_needs_a_fixed_batch():
    layer = made(
        HEAD + "states: {a: [batch, d]}\nforward: |\n  a = a + x\n  return a\n"
    )()
    with pytest.raises(ValueError, match="needs a fixed batch size"):
        layer(keras.Input((3,)))


# spec: mask-pass
def test_the_first_mask_is_handed_on():
    layer = made(
        "layer: Made\ninputs: {x: [batch, t, d], y: [batch, t, d]}\nmask: pass\nforward: x + y\n"
    )()
    masks = [np.array([[True, False]]), np.array([[False, True]])]
    x, y = (keras.ops.convert_to_tensor(ones(1, 2, 3)) for _ in masks)
    for tensor, mask in zip((x, y), masks, strict=True):
        keras.src.backend.set_keras_mask(tensor, keras.ops.convert_to_tensor(mask))
    found = keras.src.backend.get_keras_mask(layer(x, y=y))
    assert np.array_equal(found, masks[0])


# spec: masks-optional
def test_masks_are_delivered_where_an_optional_input_is_left_out():
    layer = made(
        "layer: Made\n"
        "inputs: {x: [batch, t, d], y: {shape: [batch, _, d], optional: true}}\n"
        "forward: x if x_mask is None else x * ops.cast(x_mask, x.dtype)[:, :, None]\n"
    )()
    x = keras.ops.convert_to_tensor(ones(1, 2, 3))
    assert np.allclose(layer(x), 1)
    mask = keras.ops.convert_to_tensor([[True, False]])
    keras.src.backend.set_keras_mask(x, mask)
    assert np.allclose(layer(x)[:, :, 0], [[1, 0]])


def failing(text, *names):
    """Which of these checks fail in the first case of a spec's emitted test."""
    code, test = texts(text)
    found = {"__name__": "made"}
    exec(compile(code, "made.py", "exec"), found)
    test = "\n".join(line for line in test.splitlines() if "from made" not in line)
    exec(compile(test.split("@parametrize")[0], "test_made.py", "exec"), found)
    case = found["CASES"][0]
    assert all(CHECKS[name].applies(case) for name in names)
    return {name for name in names if result_of(CHECKS[name], case).outcome == "failed"}


# spec: equivalent
def test_an_emitted_test_compares_values_and_gradients_with_the_equivalent():
    checks = "equals_equivalent", "gradients_equal_those_of_equivalent"
    head = HEAD + "weights: {w: [d, 4]}\nequivalent: Dense(4, use_bias=False)\n"
    assert failing(head + "forward: x @ w\n", *checks) == set()
    assert failing(head + "forward: 2 * (x @ w)\n", *checks) == {*checks}


# spec: reference
def test_an_emitted_test_compares_the_whole_layer_with_the_reference():
    head = HEAD + "activation: tanh\nforward: x * 2\nreference: "
    assert failing(head + "activation(x * 2)\n", "equals_reference") == set()
    assert failing(head + "x * 2\n", "equals_reference") == {"equals_reference"}


# spec: gradient-surrogate
def test_a_gradient_is_held_to_the_mathematical_one_or_to_its_formula():
    head = HEAD + "outputs: [batch, d]\nforward: x * 2\ngradient: "
    numeric, formula = (
        "gradient_equals_central_differences",
        "surrogate_gradient_equals_formula",
    )
    assert failing(head + "upstream * 2\n", numeric) == set()
    assert failing(head + "upstream * 3\n", numeric) == {numeric}
    surrogate = head + "{code: upstream * 3, surrogate: true}\n"
    assert failing(surrogate, formula) == set()
    with pytest.raises(AssertionError):
        failing(surrogate, numeric)


# spec: derived
def test_a_derived_value_may_rest_on_the_shape_of_an_array():
    layer_class = made(
        HEAD + "args: {m: Array}\nderived: {n: 'm.shape[0] * 2'}\n"
        "require: {'m.shape[0] > 1': too few rows}\nforward: x * n\n"
    )
    layer = layer_class(ones(3, 5))
    np.testing.assert_allclose(layer(ones(2, 4)), 6 * ones(2, 4))
    with pytest.raises(ValueError, match="too few rows"):
        layer_class(ones(1, 5))


# spec: derived
@pytest.mark.parametrize("name", ["range", "k"])
def test_what_has_no_shape_is_asked_for_none(name):
    text = f"args: {{k: int}}\nderived: {{n: '{name}.shape[0]'}}\nforward: x * n * k\n"
    assert codes(HEAD + text) == ["LG413"]


# spec: layers-for
def test_a_loop_without_a_name_may_be_read_by_it():
    layer = made(
        HEAD + "args: {n: int}\n"
        "layers: {hidden: {make: Dense(_ + 1), for: _ in range(n)}}\n"
        "forward: |\n  for dense in hidden:\n    x = dense(x)\n  return x\n"
    )(3)
    assert layer(ones(2, 4)).shape == (2, 3)
    assert [one.name for one in layer.hidden] == ["hidden_0", "hidden_1", "hidden_2"]
