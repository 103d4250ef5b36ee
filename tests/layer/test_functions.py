"""The functions that stand before a class: what they look like, and that they work."""

import gc

import keras
import numpy as np
import pytest
import tensorflow as tf
from function_modules import (
    facts_of,
    function_of,
    gradients,
    namespace_of,
    plain,
    spec_of,
    text_of,
)
from keras import ops

from layergen.layer.functions import layer_gradient_call
from layergen.problems import SpecError

SINE_GATE = """\
@ops.custom_gradient
def f(x):
    def forward(x):
        return ops.sigmoid(x) * ops.sin(x)

    def grad(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        s = ops.sigmoid(x)
        return upstream * s * (ops.cos(x) + ops.sin(x) * (1 - s))

    if keras.backend.backend() == "tensorflow":
        # Nothing between the arguments and the result is kept for `grad`.
        return forward(ops.stop_gradient(x)), grad
    return forward(x), grad
"""
BY_HAND = """\
layer: Spec
args: {alpha: float = 0.5}
inputs: {x: [...], y: [...]}
functions:
  soft:
    args: [x]
    forward: ops.softplus(alpha * x)
  gate:
    args: [x, y]
    doc: Product of gate and value.
    forward: |
      # the gate
      s = ops.sigmoid(x)
      # the product
      return s * y + soft(x)  # both
    gradient: |
      d_x = upstream * (s * (1 - s) * y + alpha * ops.sigmoid(alpha * x))
      d_y = upstream * s
forward: gate(x, y)
"""
WHOLE = """\
layer: Whole
args: {{units: int, factor: float = 2.0}}
inputs: [batch, features]
outputs: [batch, units]
weights: {{kernel: [features, units], bias: [units]}}
activation: relu
forward: |
  z = x @ kernel
  return factor * z + bias
gradient: |
  d_x = factor * upstream @ ops.transpose(kernel)
  d_kernel = {kernel}
  d_bias = ops.sum(upstream, axis=0)
"""
D_KERNEL = "factor * ops.transpose(x) @ upstream"


def test_the_text_of_a_derived_gradient():
    assert text_of(spec_of("ops.sigmoid(x) * ops.sin(x)")) == SINE_GATE


def test_written_code_stays_as_it_was_written():
    text = text_of(BY_HAND)
    assert text.index("def soft(x, alpha):") < text.index("def gate(x, y, alpha):")
    for line in BY_HAND.splitlines():
        if line.startswith("      "):
            written = line.strip().replace("soft(x)", "soft(x, alpha)")
            assert written.replace("  # both", ", grad  # both") in text


@pytest.mark.parametrize("wrap", [lambda f: f, tf.function])
def test_a_written_gradient_is_the_one_that_is_used(wrap):
    x, y = np.array([0.3, -2.0, 40.0]), np.array([1.5, -0.5, 2.0])
    reference = plain("ops.sigmoid(x) * y + ops.softplus(0.5 * x)", ("x", "y"))
    gate = namespace_of(BY_HAND)["gate"]
    found = gradients(wrap(lambda x, y: gate(x, y, 0.5)), x, y)
    np.testing.assert_allclose(found, gradients(reference, x, y), 1e-12)
    wrong = namespace_of(BY_HAND.replace("upstream * s\n", "upstream * 7\n"))["gate"]
    assert (gradients(lambda x, y: wrong(x, y, 0.5), x, y)[1] == 7).all()


def test_an_expression_that_differs_from_the_mathematical_gradient():
    sign = function_of("ops.sign(x)", gradient="{code: 3 * upstream, surrogate: true}")
    assert gradients(sign, np.array([-2.0, 5.0]))[0].tolist() == [3, 3]


SIZES = [(None, 3), (3,), (None, 1), (None, None), (1, None), (4, 3)]


@pytest.mark.parametrize("first", SIZES)
@pytest.mark.parametrize("second", SIZES)
@pytest.mark.parametrize("stretched", [False, True])
def test_sizes_that_only_run_time_knows(first, second, stretched):
    args, code = ("x", "y"), "ops.sigmoid(x) * ops.sin(y) + x"
    rng = np.random.default_rng(1)

    def value(shape, sizes):
        known = zip(shape, sizes[-len(shape) :], strict=True)
        return rng.normal(size=[size or real for size, real in known])

    values = value(first, [1, 1] if stretched else [4, 3]), value(second, [4, 3])
    signature = [tf.TensorSpec(shape, "float64") for shape in (first, second)]
    traced = tf.function(function_of(code, args), input_signature=signature)
    ours, theirs = gradients(traced, *values), gradients(plain(code, args), *values)
    for our, their in zip(ours, theirs, strict=True):
        assert our.shape == their.shape
        np.testing.assert_allclose(our, their, 1e-12)
    static = traced.get_concrete_function().output_shapes
    assert static.rank == max(len(first), len(second))


def test_each_gradient_has_the_dtype_of_its_tensor():
    x, y = tf.constant([1.0, 2.0], "float16"), tf.constant([[0.5], [1.5]], "float32")
    function = function_of("ops.sin(x) * ops.cast(y, x.dtype)", ("x", "y"))
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        z = function(x, y)
    assert [g.dtype.name for g in tape.gradient(z, [x, y])] == ["float16", "float32"]


def test_a_condition_needs_no_gradient():
    code = "ops.where(chosen, x, 0.5 * ops.sin(x))"
    function = function_of(code, ("x", "chosen"))
    x, chosen = tf.constant([1.0, 2.0]), tf.constant([True, False])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x, chosen)
    np.testing.assert_allclose(tape.gradient(y, x), [1, 0.5 * np.cos(2)], 1e-6)


def test_arrays_take_part_in_broadcasting():
    before = "args: {table: {type: Array, shape: [3], dtype: float32}}\n"
    function = function_of("x * table", before=before)
    table = tf.constant([1.0, 2.0, 3.0])
    [found] = gradients(lambda x: function(x, table), np.ones((2, 1), "float32"))
    assert found.tolist() == [[6], [6]]


def test_calls_of_other_functions_are_followed():
    text = spec_of("x * helper(ops.sin(x))", before="args: {alpha: float = 2.0}\n")
    helper = "functions:\n  helper: {args: [v], forward: ops.tanh(alpha * v)}\n"
    found = namespace_of(text.replace("functions:\n", helper))["f"]
    x = np.array([0.3, -4.0])
    reference = plain("x * ops.tanh(2 * ops.sin(x))")
    ours = gradients(lambda x: found(x, 2.0), x)
    np.testing.assert_allclose(ours, gradients(reference, x), 1e-12)


def test_names_of_the_spec_are_left_alone():
    code = "ops.sigmoid(s) * s * forward * grad * upstream_ * args"
    args = ("s", "forward", "grad", "upstream_", "args")
    values = [np.array([float(i)]) for i in range(1, 6)]
    ours = gradients(function_of(code, args), *values)
    np.testing.assert_allclose(ours, gradients(plain(code, args), *values), 1e-12)


def test_an_activation_survives_saving(tmp_path):
    text = spec_of("x * ops.sigmoid(x)", before="activation: f\n")
    text = text.replace("forward: f(x)", "forward: x").replace("  f:", "  f1:")
    bump = namespace_of(text.replace("activation: f", "activation: f1"))["f1"]
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, bump)])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].activation is bump
    x = np.ones((1, 2), "float32")
    np.testing.assert_array_equal(model(x), loaded(x))


def whole_layer(stated, text=None):
    text = text or WHOLE.format(kernel=D_KERNEL)
    facts = facts_of(text)
    call = layer_gradient_call(facts, facts.in_method)
    forward = namespace_of(text)["spec_forward"]

    class Whole(keras.layers.Layer):
        def __init__(self, units, factor):
            super().__init__()
            self.units, self.factor = units, factor

        def build(self, input_shape):
            # Positive, so that of positive inputs no unit is dead.
            some = keras.initializers.RandomUniform(0.1, 1.0, seed=1)
            shape = (input_shape[-1], self.units)
            self.kernel = self.add_weight(shape=shape, initializer=some)
            self.bias = self.add_weight(shape=(self.units,), initializer=some)

        def call(self, x):
            names = {"self": self, "x": x, "ops": ops, "spec_forward": forward}
            return ops.relu(eval(call, names))

    if stated:
        Whole.compute_output_shape = lambda self, s: (*s[:-1], self.units)
    return Whole(4, 2.0)


def reference_gradients(layer, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        kernel, bias = (v.value for v in layer.weights)
        tape.watch([kernel, bias])
        y = tf.nn.relu(layer.factor * x @ kernel + bias)
    return tape.gradient(y, [x, kernel, bias])


@pytest.mark.parametrize("stated", [False, True])
@pytest.mark.parametrize("wrap", [lambda f: f, tf.function])
def test_a_whole_layer_with_a_gradient(stated, wrap):
    layer, x = whole_layer(stated), tf.random.normal((5, 3), seed=1)
    layer.build((None, 3))

    @wrap
    def found(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        return tape.gradient(y, [x, *(w.value for w in layer.trainable_weights)])

    for ours, theirs in zip(found(x), reference_gradients(layer, x), strict=True):
        np.testing.assert_allclose(ours, theirs, 1e-5, 1e-6)


@pytest.mark.parametrize("stated", [False, True])
def test_a_functional_model_holds_the_layer_and_trains(stated):
    inputs = keras.Input((3,))
    layer = whole_layer(stated)
    outputs = layer(inputs)
    assert outputs.shape == (None, 4)
    model = keras.Model(inputs, keras.layers.Dense(1)(outputs))
    model.compile("sgd", "mse", jit_compile=False)
    before = [w.numpy() for w in layer.weights]
    model.fit(np.ones((6, 3)), np.ones((6, 1)), batch_size=4, verbose=0)
    assert all(
        (a != w.numpy()).any() for a, w in zip(before, layer.weights, strict=True)
    )


def test_a_wrong_gradient_of_the_whole_shows():
    layer = whole_layer(True, WHOLE.format(kernel=f"2 * {D_KERNEL}"))
    layer.build((None, 3))
    x = tf.random.normal((5, 3), seed=1)
    with tf.GradientTape() as tape:
        y = layer(x)
    found = tape.gradient(y, layer.kernel.value)
    np.testing.assert_allclose(found, 2 * reference_gradients(layer, x)[1], 1e-5)


def test_weights_are_handed_over_in_the_compute_dtype():
    facts = facts_of(WHOLE.format(kernel=D_KERNEL))
    assert layer_gradient_call(facts, facts.in_method) == (
        "spec_forward(x, ops.cast(self.kernel, self.compute_dtype), "
        "ops.cast(self.bias, self.compute_dtype), self.factor)"
    )


def kept(function, x):
    """The tensors of the size of `x` that are held after forward, `x` left out."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        result = function(x)
    gc.collect()
    tensors = [o for o in gc.get_objects() if isinstance(o, type(x))]
    held = {address(t) for t in tensors if t.shape == x.shape}
    assert tape.gradient(result, x) is not None
    return len(held - {address(x)})


def address(tensor):
    return np.asarray(memoryview(tensor)).ctypes.data


@pytest.mark.parametrize("wrap", [lambda f: f, tf.function])
def test_only_the_argument_and_the_result_are_kept(wrap):
    code, x = "ops.sigmoid(x) * ops.sin(x)", tf.random.normal((100_003,))
    assert kept(wrap(function_of(code)), x) == 1
    assert kept(wrap(plain(code)), x) == 3
    unstopped = text_of(spec_of(code)).replace("ops.stop_gradient(x)", "x")
    found = {"keras": keras, "ops": ops}
    exec(unstopped, found)
    assert kept(found["f"], x) == 3


@pytest.mark.parametrize(
    "text, place, words",
    [
        (
            spec_of("alpha * x", before="args: {alpha: float = 1.0}\n").replace(
                "forward: f(x)", "forward: ops.vectorized_map(f, x)"
            ),
            (10, 29),
            "cannot be passed by its name",
        ),
        (
            spec_of("2 * x").replace("forward: f(x)", "forward: x + f(2.0)"),
            (9, 16),
            "`2.0` is no tensor",
        ),
        (spec_of("x + 1", ("x", "y")), (7, 7), "does not use `y`"),
    ],
)
def test_refusals(text, place, words):
    with pytest.raises(SpecError) as caught:
        text_of(text)
    [problem] = caught.value.problems
    assert words in problem.message and problem.hint
    assert (problem.place.line, problem.place.column) == place
