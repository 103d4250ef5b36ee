"""The functional style: what it renders to, what its models do, and what it refuses."""

import importlib.util
import subprocess
import sys

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import laid_out, render

DENSE = """\
layer: Scale
args: {units: int}
inputs: [batch, features]
weights: {kernel: [features, units]}
forward: x @ kernel
"""

# Each with the shapes of its inputs, arguments, and the layers of its model.
SPECS = {
    "other_names": (
        """\
layer: Named
args: {units: int}
imports: |
  from keras import ops as K
  from keras.ops import add
inputs: [batch, time, features]
weights:
  kernel: [features, units]
  bias: [units]
  mix: [units, features]
forward: |
  equation = "btu,uf->btf"
  y = add(K.matmul(x1=x, x2=kernel), bias)
  return keras.ops.einsum(equation, y, mix)
""",
        [(5, 3)],
        {"units": 4},
        ["Dense", "EinsumDense"],
    ),
    "plain": (DENSE, [(3,)], {"units": 4}, ["Dense"]),
    "any_rank": (
        DENSE.replace("[batch, features]", "[..., features]"),
        [(2, 5, 3)],
        {"units": 4},
        ["Dense"],
    ),
    "biased": (
        """\
layer: Biased
args: {units: int, use_bias: bool = True}
inputs: [batch, features]
weights:
  kernel: {shape: [features, units], regularizer: l2, constraint: null}
  bias: {shape: [units], initializer: zeros, when: use_bias}
activation: tanh
mask: pass
forward: |
  y = x @ kernel
  if use_bias:
    y = y + bias
  return y
""",
        [(3,)],
        {"units": 4},
        ["Dense"],
    ),
    "conditional": (
        """\
layer: Conditional
args: {units: int, use_bias: bool = False}
inputs: [batch, features]
weights:
  kernel: [features, units]
  bias: {shape: [units], when: use_bias}
forward: x @ kernel + bias if bias is not None else x @ kernel
""",
        [(3,)],
        {"units": 4},
        ["Dense"],
    ),
    "heads": (
        """\
layer: Heads
args: {count: int, size: int}
inputs: [batch, time, features]
weights: {kernel: [count, features, size], bias: [count, size]}
forward: ops.einsum("hfs,btf->bths", kernel, x) + bias
""",
        [(5, 3)],
        {"count": 2, "size": 4},
        ["EinsumDense"],
    ),
    "words": (
        """\
layer: Words
args: {codes: int, size: int, scale: {type: Array, dtype: float32, shape: [size]}}
inputs: {x: {shape: [batch, time], dtype: int32, below: codes}}
weights: {table: {shape: [codes, size], initializer: uniform}}
forward: scale * ops.take(table, x, axis=0)
""",
        [(5,)],
        {"codes": 6, "size": 2, "scale": np.array([0.1, 0.7])},
        ["Embedding"],
    ),
    "branches": (
        """\
layer: Branches
args: {units: int, mode: 'Literal["sum", "max"] = "sum"'}
inputs: {query: [batch, time, features], value: [batch, time, depth]}
weights: {w1: [features, units], w2: [depth, units], b2: [units]}
forward: |
  y = ops.tanh(ops.relu(value @ w2 + b2)) * time
  y = y + query[:, :] @ w1
  if mode == "sum":
    return ops.sum(y, axis=1), y
  return ops.max(y, axis=1), y
""",
        [(5, 3), (5, 2)],
        {"units": 4},
        ["Dense", "Dense"],
    ),
    "stack": (
        """\
layer: Stack
args: {widths: 'list[int]', use_norm: bool = True}
inputs: [batch, features]
layers:
  hidden: {make: 'Dense(width, activation="relu")', for: width in widths}
  norm: {make: LayerNormalization(), when: use_norm}
functions:
  soft: {args: [y], forward: ops.sigmoid(y) * y}
activation: soft
forward: |
  y = x
  for layer in hidden:
    y = layer(y)
  return norm(y) if use_norm else y
""",
        [(3,)],
        {"widths": [4, 5], "use_norm": False},
        ["Dense", "Dense"],
    ),
    "functions": (
        """\
layer: Functions
args: {units: int, scale: float = 2.0}
inputs: [batch, features]
weights: {kernel: [features, units]}
functions:
  damped: {args: [y], forward: y * scale}
  lifted: {args: [y], forward: damped(y) + 1}
forward: lifted(x @ kernel)
""",
        [(3,)],
        {"units": 4, "scale": 3.0},
        ["Dense"],
    ),
    "tied": (
        """\
layer: Tied
args: {depth: int = 3}
inputs: [batch, features]
weights: {kernel: [features, features]}
activation: tanh
forward: |
  for _ in range(depth):
    x = activation(x @ kernel)
  return x
""",
        [(3,)],
        {},
        ["Activation", "Activation", "Activation", "Dense"],
    ),
}


def spec_of(text, stem="sample"):
    reading = read_spec(text, f"{stem}.yaml", stem)
    assert reading.spec, reading.problems
    return reading.spec


def module_of(text, folder, style="functional"):
    """The module that a spec renders to, imported."""
    source = laid_out(spec_of(text), style)["sample.py"]
    path = folder / "sample.py"
    path.write_text(source, encoding="utf-8")
    found = importlib.util.spec_from_file_location("sample", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def feed(model, seed=0):
    """Random inputs for two examples."""
    rng = np.random.default_rng(seed)
    shapes = [(2, *tensor.shape[1:]) for tensor in model.inputs]
    return [
        rng.integers(0, 2, shape) if "int" in tensor.dtype else rng.normal(size=shape)
        for shape, tensor in zip(shapes, model.inputs, strict=True)
    ]


def called(model, values):
    outputs = model(values if len(values) > 1 else values[0])
    return [
        np.asarray(keras.ops.cast(y, "float64")) for y in keras.tree.flatten(outputs)
    ]


@pytest.mark.parametrize("name", SPECS)
def test_model_is_made_of_builtin_layers(name, tmp_path):
    text, shapes, args, layers = SPECS[name]
    model = module_of(text, tmp_path).sample(*shapes, **args)
    found = [type(one).__name__ for one in model.layers]
    assert sorted(x for x in found if x != "InputLayer") == layers
    assert all(type(one).__module__.startswith("keras.") for one in model.operations)


@pytest.mark.parametrize("policy", ["float64", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("name", SPECS)
def test_model_follows_the_dtype_policy(name, policy, tmp_path):
    text, shapes, args, _ = SPECS[name]
    build = module_of(text, tmp_path).sample
    model, plain = build(*shapes, **args, dtype=policy), build(*shapes, **args)
    computed = keras.dtype_policies.get(policy).compute_dtype
    assert {output.dtype for output in model.outputs} == {computed}
    variables = keras.dtype_policies.get(policy).variable_dtype
    assert {weight.dtype for weight in model.weights} == {variables}
    model.set_weights(plain.get_weights())
    for one, other in zip(
        *(called(m, feed(plain)) for m in (model, plain)), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=0.05, atol=0.05)


@pytest.mark.parametrize("name", SPECS)
def test_class_and_function_compute_the_same(name, tmp_path):
    text, shapes, args, _ = SPECS[name]
    both = module_of(text, tmp_path, "both")
    model = both.sample(*shapes, **args)
    kind = spec_of(text).layer
    layer = getattr(both, kind)(**args)
    values = feed(model)
    layer(*values)
    # The model has its weights in the order of its layers; no two here are alike.
    shapes = [tuple(weight.shape) for weight in layer.weights]
    order = [shapes.index(tuple(weight.shape)) for weight in model.weights]
    assert sorted(order) == list(range(len(shapes)))
    for position, weight in zip(order, model.weights, strict=True):
        layer.weights[position].assign(weight)
    expected = [np.asarray(y) for y in keras.tree.flatten(layer(*values))]
    for one, other in zip(called(model, values), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_models_load_where_no_module_is(tmp_path):
    files = []
    for name, (text, shapes, args, _) in SPECS.items():
        folder = tmp_path / name
        folder.mkdir()
        model = module_of(text, folder).sample(*shapes, **args)
        model.save(folder / "model.keras")
        values = feed(model)
        np.savez(folder / "feed.npz", *values)
        np.savez(folder / "expected.npz", *called(model, values))
        files.append(str(folder))
    script = """\
import sys
import keras
import numpy as np
for folder in sys.argv[1:]:
    model = keras.saving.load_model(f"{folder}/model.keras")
    with np.load(f"{folder}/feed.npz") as feed:
        values = [feed[name] for name in feed.files]
    outputs = model(values if len(values) > 1 else values[0])
    with np.load(f"{folder}/expected.npz") as expected:
        for one, name in zip(keras.tree.flatten(outputs), expected.files):
            np.testing.assert_allclose(one, expected[name], rtol=1e-5, atol=1e-6)
print("same")
"""
    run = [sys.executable, "-c", script, *files]
    done = subprocess.run(
        run, cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.stdout.endswith("same\n"), done.stderr[-2000:]


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((), "at least 1 axis"),
        ((None,), "must give the size of the last axis"),
        ((2, None), "must give the size of the last axis"),
    ],
)
def test_function_refuses_wrong_shapes(shape, said, tmp_path):
    text = DENSE.replace("[batch, features]", "[..., features]")
    with pytest.raises(ValueError, match=said):
        module_of(text, tmp_path).sample(shape, 4)


def test_function_refuses_shapes_that_do_not_fit(tmp_path):
    build = module_of(SPECS["branches"][0], tmp_path).sample
    with pytest.raises(ValueError, match=r"axis 0 of `value_shape` \(time\) must be 5"):
        build((5, 3), (6, 2), 4)
    with pytest.raises(ValueError, match="must give the size of axis 0"):
        build((None, 3), (6, 2), 4)


def test_function_refuses_wrong_arguments(tmp_path):
    with pytest.raises(ValueError, match="`units` must be a positive integer"):
        module_of(DENSE, tmp_path).sample((3,), 0)


def test_requirements_hold_in_the_function(tmp_path):
    text = DENSE + 'require: {"features > units": there must be fewer units}\n'
    build = module_of(text, tmp_path).sample
    with pytest.raises(ValueError, match="there must be fewer units"):
        build((3,), 4)
    assert build((5,), 4).output_shape == (None, 4)


def test_mask_is_handed_on(tmp_path):
    model = module_of(SPECS["biased"][0], tmp_path).sample((3,), 4)
    x = keras.ops.ones((2, 3))
    keras.src.backend.set_keras_mask(x, keras.ops.ones((2,), dtype="bool"))
    assert keras.src.backend.get_keras_mask(model(x)) is not None


def test_arguments_reach_the_layer(tmp_path):
    build = module_of(SPECS["biased"][0], tmp_path).sample
    model = build((3,), 4, "relu", False, kernel_initializer="ones", name="mine")
    [dense] = model.layers[1:]
    assert model.name == "mine"
    assert not dense.use_bias
    assert dense.activation is keras.activations.relu
    assert isinstance(dense.kernel_regularizer, keras.regularizers.L2)
    np.testing.assert_array_equal(dense.kernel, np.ones((3, 4)))


AS_K = "imports: from keras import ops as K"
TWO = "weights: {kernel: [2, units]}"
WIDE = ("inputs: [batch, units]", "weights: {kernel: [units]}")


def changed(*changes):
    keys = {line.split(":")[0]: line for line in DENSE.splitlines()}
    keys |= {change.split(":")[0]: change for change in changes}
    return "\n".join(keys.values()) + "\n"


REFUSED = {
    "weight used otherwise": ("LG601", changed(*WIDE, "forward: ops.relu(x) * kernel")),
    "weight on the left": (
        "LG601",
        changed(
            "weights: {kernel: [units, features]}",
            "outputs: [units, batch]",
            "forward: ops.matmul(kernel, ops.transpose(x))",
        ),
    ),
    "weight with a dtype": (
        "LG601",
        changed("weights: {kernel: {shape: [features, units], dtype: float32}}"),
    ),
    "bias of another shape": (
        "LG601",
        changed(
            "weights: {kernel: [features, units], bias: [1, units]}",
            "forward: x @ kernel + bias",
        ),
    ),
    "bias that may be missing": (
        "LG601",
        changed(
            "args: {units: int, flag: bool = True}",
            "weights: {kernel: [features, units], bias: {shape: [units], when: flag}}",
            "forward: x @ kernel + bias",
        ),
    ),
    "two uses that differ": (
        "LG601",
        changed(
            "weights: {kernel: [features, features], bias: [features]}",
            "forward: (x @ kernel + bias) @ kernel",
        ),
    ),
    "frozen bias alone": (
        "LG601",
        changed(
            "weights: {kernel: [features, units], bias: {shape: [units], trainable: false}}",
            "forward: x @ kernel + bias",
        ),
    ),
    "einsum that Keras does not know": (
        "LG601",
        changed('forward: ops.einsum("bf,fu->ub", x, kernel)'),
    ),
    "take along another axis": (
        "LG601",
        changed("forward: ops.take(kernel, x, axis=1)"),
    ),
    "state": (
        "LG602",
        changed("states: {count: []}", "forward: |\n  count += 1\n  return x @ kernel"),
    ),
    "old name": ("LG602", changed("aliases: [OldDense]")),
    "call argument": (
        "LG603",
        changed("call_args: {start: int = 0}", "forward: x @ kernel + start"),
    ),
    "training": ("LG603", changed("forward: x @ kernel if training else -x @ kernel")),
    "randomness": ("LG603", changed("forward: x @ kernel + random.normal((1,))")),
    "loss": (
        "LG603",
        changed("forward: |\n  add_loss(ops.sum(x))\n  return x @ kernel"),
    ),
    "optional input": (
        "LG604",
        changed(
            "inputs: {x: [batch, features], y: {shape: [batch, units], optional: true}}"
        ),
    ),
    "list of inputs": (
        "LG604",
        changed(
            "inputs: {x: {shape: [batch, features], many: true}}",
            "forward: x[0] @ kernel",
        ),
    ),
    "no batch axis": ("LG604", changed("inputs: [4, features]")),
    "function's gradient": (
        "LG605",
        changed(
            "functions: {gate: {args: [y], forward: ops.tanh(y), gradient: auto}}",
            "forward: gate(x @ kernel)",
        ),
    ),
    "size of the batch": ("LG606", changed("forward: x @ kernel * batch")),
    "ops.shape": ("LG606", changed("forward: x @ kernel * ops.shape(x)[1]")),
    "ops.shape by another name": (
        "LG606",
        changed(AS_K, "forward: x @ kernel * K.shape(x)[1]"),
    ),
    "a Python function by another name": (
        "LG607",
        changed(AS_K, "forward: 'K.map(lambda row: row * 2, x @ kernel)'"),
    ),
    "TensorFlow by another name": (
        "LG603",
        changed("imports: import tensorflow as t", "forward: t.nn.relu(x @ kernel)"),
    ),
    "what is no tensor": (
        "LG601",
        changed(TWO, "forward: '[1.0, 2.0] @ kernel + x[:1, :1]'"),
    ),
    "a shape for a tensor": (
        "LG601",
        changed(
            TWO,
            "inputs: [batch, 2]",
            "forward: '(x.shape[-1], 2) @ kernel + x[:1, :1]'",
        ),
    ),
    "function in an operation": (
        "LG607",
        changed('forward: "ops.map(lambda row: row, x @ kernel)"'),
    ),
    "Lambda": (
        "LG608",
        changed("layers: {last: Lambda(len)}", "forward: last(x @ kernel)"),
    ),
    "variable of the function": (
        "LG609",
        changed("forward: |\n  dtype = x.dtype\n  return ops.cast(x @ kernel, dtype)"),
    ),
    "function without what it reads": (
        "LG423",
        changed(
            "functions:\n  damped: {args: [y], forward: y * units}\n"
            "  applied: {args: [f, y], forward: f(y)}",
            "forward: applied(damped, x @ kernel)",
        ),
    ),
    "mask used up": ("LG610", changed("mask: stop")),
    "mask lost": ("LG610", changed("mask: pass", "forward: ops.relu(x @ kernel)")),
    "mask lost in EinsumDense": (
        "LG610",
        changed("mask: pass", 'forward: ops.einsum("bf,fu->bu", x, kernel)'),
    ),
}


@pytest.mark.parametrize("style", ["functional", "both"])
@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name, style):
    code, text = REFUSED[name]
    with pytest.raises(SpecError) as error:
        render(spec_of(text), style)
    assert {problem.code for problem in error.value.problems} == {code}
    for problem in error.value.problems:
        assert problem.hint
        assert problem.quoted == text.splitlines()[problem.place.line - 1]
        assert problem.place.column <= len(problem.quoted)


def test_every_obstacle_is_reported():
    text = changed(*WIDE, "forward: x * kernel * batch", "mask: stop")
    with pytest.raises(SpecError) as error:
        render(spec_of(text), "functional")
    codes = [problem.code for problem in error.value.problems]
    assert sorted(codes) == ["LG601", "LG606", "LG610"]
