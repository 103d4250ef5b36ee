"""Derived gradients, against differences of values and against plain autodiff."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from function_modules import function_of, gradients, plain, second, spec_of, text_of
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from layergen.gradient import primitives
from layergen.problems import SpecError

GRID = [0.0, 1e-3, -1e-3, 0.7, -0.7, 1, -1, 3.5, -3.5, 30, -30, 100, -100]
SMOOTH = [value for value in GRID if value not in (0, 1, -1)]

RULED = {
    "+": "x + 2.5",
    "-": "1 - x",
    "*": "x * ops.cos(x)",
    "/": "ops.sin(x) / (2 + ops.cos(x))",
    "**": "(2 + ops.sin(x)) ** ops.cos(x)",
    "neg": "-x",
    "absolute": "ops.abs(x)",
    "arctan": "ops.arctan(x)",
    "cast": "x * ops.cast(x > 0.5, x.dtype) + ops.cast(x, x.dtype)",
    "clip": "ops.clip(x, -2, 3.25)",
    "cos": "ops.cos(x)",
    "cosh": "ops.cosh(x)",
    "elu": "ops.elu(x, alpha=0.3)",
    "erf": "ops.erf(x)",
    "exp": "ops.exp(x)",
    "expm1": "ops.expm1(x)",
    "gelu": "ops.gelu(x, approximate=False)",
    "gelu_tanh": "ops.gelu(x)",
    "hard_sigmoid": "ops.hard_sigmoid(x)",
    "leaky_relu": "ops.leaky_relu(x, 0.1)",
    "log": "ops.log(ops.square(x) + 1)",
    "log1p": "ops.log1p(ops.square(x))",
    "log_sigmoid": "ops.log_sigmoid(x)",
    "logaddexp": "ops.logaddexp(x - 0.1, 2 * x)",
    "maximum": "ops.maximum(x, ops.sin(x))",
    "minimum": "ops.minimum(x, ops.cos(x))",
    "relu": "ops.relu(x)",
    "relu6": "ops.relu6(x)",
    "rsqrt": "ops.rsqrt(ops.square(x) + 1)",
    "selu": "ops.selu(x)",
    "sigmoid": "ops.sigmoid(x)",
    "silu": "ops.silu(x)",
    "sin": "ops.sin(x)",
    "sinh": "ops.sinh(x)",
    "softplus": "ops.softplus(x)",
    "softsign": "ops.softsign(x)",
    "sqrt": "ops.sqrt(ops.square(x) + 1)",
    "tan": "ops.tan(x)",
    "tanh": "ops.tanh(x)",
}
"""An expression for each rule."""

OTHERS = [
    "ops.elu(x)",
    "ops.swish(x)",
    "x**3 - 2 * x**2 + x * x * x",
    "1 / (1 + ops.square(x))",
    "ops.reciprocal(x - 0.5)",
    "ops.power(ops.square(x) + 1, 0.75)",
    "2**ops.sin(x)",
    "ops.where(x > 0.5, ops.log1p(ops.abs(x)), 0.2 * x)",
    "ops.where(ops.logical_and(x > -2, x < 2), x, 0.25 * x)",
    "ops.where((x > -2) & ~(x > 2), x, ops.zeros_like(x))",
    "x * ops.stop_gradient(ops.sin(x)) + ops.sign(x) * x",
    "ops.subtract(ops.multiply(2, x), ops.negative(x))",
    "s = ops.sigmoid(x)\nscale = 1 / 3\nreturn s * scale + (1 - s) * ops.sin(s)",
    "x * ops.sigmoid(x) * ops.tanh(ops.softplus(x))",
]
EVERY = [*RULED.values(), *OTHERS]


INSTEAD = {
    "ops.softsign(x)": "x / (1 + ops.abs(x))",
    "ops.leaky_relu(x, 0.1)": "ops.where(x > 0, x, 0.1 * x)",
    "ops.gelu(x, approximate=False)": "0.5 * x * (1 + ops.erf(x * math.sqrt(0.5)))",
    "ops.gelu(x)": "0.5 * x * (1 + ops.tanh(math.sqrt(2 / math.pi) * "
    "(x + 0.044715 * x**3)))",
}
"""What to compare with where TensorFlow has float32 constants or no second derivative."""


def autodiff(forward):
    return plain(INSTEAD.get(forward, forward))


def agrees(function, reference, values, dtype):
    """Whether gradients agree at each value where those of the reference are finite."""
    x = np.array(values, dtype)
    with np.errstate(all="ignore"):
        [ours], [theirs] = gradients(function, x), gradients(reference, x)
        finite = np.isfinite(theirs)
        limit = 2e-5 if dtype == "float32" else 1e-12
        close = np.isclose(ours[finite], theirs[finite], limit, limit)
    return bool(close.all()) and ours.dtype == x.dtype


# spec: gradient-auto
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("forward", EVERY)
def test_is_the_gradient_of_autodiff(forward, dtype):
    assert agrees(function_of(forward), autodiff(forward), GRID, dtype)


@pytest.mark.parametrize("forward", EVERY)
def test_is_the_slope_of_the_values(forward):
    if "stop_gradient" in forward:
        return
    function = function_of(forward)
    x = np.array([value for value in SMOOTH if abs(value) < 50])
    step = 1e-6 * np.maximum(1, abs(x))
    above, below = (np.asarray(function(x + s)) for s in (step, -step))
    [found] = gradients(function, x)
    np.testing.assert_allclose(found, (above - below) / (2 * step), 1e-4, 1e-7)


# spec: gradient-auto
@pytest.mark.parametrize("forward", EVERY)
def test_can_be_differentiated_again(forward):
    x = np.array(SMOOTH)
    ours, theirs = second(function_of(forward), x), second(autodiff(forward), x)
    finite = np.isfinite(theirs)
    np.testing.assert_allclose(ours[finite], theirs[finite], 1e-9, 1e-9)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("forward", [OTHERS[-1], RULED["gelu"], RULED["elu"]])
def test_is_the_same_in_a_graph(forward, compiled):
    function = tf.function(function_of(forward), jit_compile=compiled)
    assert agrees(function, plain(forward), GRID, "float32")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("forward", [RULED[n] for n in ("gelu_tanh", "elu")] + OTHERS)
def test_keeps_small_dtypes(forward, dtype):
    x = tf.constant([0.3, -1.4], dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function_of(forward)(x)
    found = tape.gradient(y, x)
    [exact] = gradients(plain(forward), np.array([0.3, -1.4]))
    assert y.dtype == found.dtype == dtype
    np.testing.assert_allclose(tf.cast(found, "float64"), exact, 0.1, 0.05)


@pytest.mark.parametrize("name", primitives.RULES)
def test_a_broken_rule_is_noticed(name, monkeypatch):
    rule = primitives.RULES[name]

    def broken(*args):
        return tuple(part if part is None else 2 * part for part in rule(*args))

    assert agrees(function_of(RULED[name]), autodiff(RULED[name]), GRID, "float64")
    monkeypatch.setitem(primitives.RULES, name, broken)
    assert not agrees(
        function_of.__wrapped__(RULED[name]), autodiff(RULED[name]), GRID, "float64"
    )


def test_every_rule_has_its_expression():
    assert set(RULED) == set(primitives.RULES)


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_equal_arguments_are_told_apart_as_tensorflow_does(name):
    forward = f"ops.{name}(x, y)"
    values = np.zeros(1), np.zeros(1)
    ours = gradients(function_of(forward, ("x", "y")), *values)
    theirs = gradients(plain(forward, ("x", "y")), *values)
    assert ours == theirs == [1, 0]


# spec: gradient-auto
@pytest.mark.parametrize(
    "forward",
    ["x * y", "x / y", "ops.sigmoid(x) * y + (1 - ops.sigmoid(x)) * ops.sin(y)"]
    + ["ops.maximum(x, y) ** 2", "ops.where(x > y, x, y * x)", "ops.abs(x) ** y"]
    + ["ops.logaddexp(x, y)", "x - ops.sign(y)"],
)
@pytest.mark.parametrize(
    "shapes", [[(4, 3), (3,)], [(1, 3), (4, 1)], [(), (2, 2)], [(2, 3), (2, 3)]]
)
def test_gradients_are_summed_over_what_was_spread(forward, shapes):
    rng = np.random.default_rng(0)
    values = [rng.normal(size=shape) for shape in shapes]
    ours = gradients(function_of(forward, ("x", "y")), *values)
    theirs = gradients(plain(forward, ("x", "y")), *values)
    for our, their in zip(ours, theirs, strict=True):
        assert our.shape == their.shape
        np.testing.assert_allclose(our, their, 1e-12, 1e-12)


ATOMS = st.sampled_from(["x", "x", "y", "0.5", "2", "3"])
UNARY = "sigmoid tanh sin cos softplus exp silu gelu relu abs erf elu square".split()


def _larger(inner):
    unary = st.builds("ops.{}(x - {})".format, st.sampled_from(UNARY), inner)
    infix = st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner)
    choice = st.builds("ops.where(x > {}, y, {})".format, inner, inner)
    larger = st.builds("ops.maximum(x, {})".format, inner)
    return unary | infix | choice | larger


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(ATOMS, _larger, max_leaves=8))
def test_random_expressions_have_the_gradients_of_autodiff(expression):
    forward = f"x * y * 0 + {expression}"
    values = [np.array([0.31, -1.7, 2.3, 99.7]), np.array([1.9, 0.45, -0.6, -98.2])]
    reference = plain(forward, ("x", "y"))
    with np.errstate(all="ignore"):
        theirs = gradients(reference, *values)
        if not np.isfinite(np.asarray(reference(*map(tf.constant, values)))).all():
            reject()
        ours = gradients(function_of(forward, ("x", "y")), *values)
    for our, their in zip(ours, theirs, strict=True):
        finite = np.isfinite(their)
        np.testing.assert_allclose(our[finite], their[finite], 1e-7, 1e-7)


# spec: gradient-refused
@pytest.mark.parametrize(
    "forward, column, reason",
    [
        ("x @ x", 7, "not elementwise"),
        ("x - ops.mean(x)", 11, "no rule for `ops.mean`"),
        ("x * x[0]", 11, "takes items"),
        ("keras.activations.mish(x)", 7, "no rule for `keras.activations.mish`"),
        ("x * x.shape[0]", 11, "takes items"),
        ("ops.clip(x, -x, 1)", 19, "must be no tensor"),
        ("x * ops.zeros_like(x, dtype=x.dtype)", 11, "is given `dtype`"),
        ("(lambda v: v)(x)", 7, "no rule for"),
        ("x * (2 if x is None else 3)", 12, "in Python"),
        ("ops.cast(x, 2)", 19, "dtype that is not known"),
        ("x * (1 / 0)", 12, "no number"),
    ],
)
def test_what_cannot_be_derived_is_refused_at_its_place(forward, column, reason):
    with pytest.raises(SpecError) as caught:
        text_of(spec_of(forward))
    [problem] = caught.value.problems
    assert (problem.code, problem.place.line) == ("LG418", 7)
    assert problem.place.column == column
    assert reason in problem.message
    assert "`f`" in problem.message and problem.hint and forward in problem.quoted


def test_the_text_does_not_depend_on_hash_seeds():
    code = (
        "from layergen.gradient.derive import derive\n"
        "from layergen.language.model import Code\n"
        f"for text in {EVERY!r}:\n    print(derive(Code(text, ()), ('x',), {{}}))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] and runs[0].count(b"Derived") == len(EVERY)
