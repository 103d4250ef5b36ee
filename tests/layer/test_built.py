"""Layers of every arrangement of sublayers: built by `build`, as a first call would."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from layergen.loading import read_spec
from layergen.rendering import render


@dataclass(frozen=True)
class Case:
    """A spec, what its layer is made and called with, and what it computes by its own
    sublayers; `code` stands in `build`."""

    spec: str
    given: dict[str, Any]
    shapes: tuple[tuple[int | None, ...], ...]
    value: Callable[..., Any]
    paths: tuple[str, ...]
    code: tuple[str, ...] = ()


def _attention(layer: Any, x: Any) -> Any:
    return layer.norm(x + layer.attention(x, x))


def _chain(layer: Any, x: Any) -> Any:
    for dense, norm in zip(layer.dense, layer.norms, strict=True):
        x = ops.gelu(norm(dense(x)))
    return x


def _residual(layer: Any, x: Any) -> Any:
    for up, down in zip(layer.up, layer.down, strict=True):
        x = x + down(up(x))
    return x


def _branches(layer: Any, x: Any, context: Any) -> Any:
    y = layer.a(ops.concatenate([x, context], axis=-1)) * layer.b(context)
    y = y * ops.sigmoid(layer.gate(x))
    return layer.out(ops.concatenate([y, y**2], -1))


def _solver(layer: Any, x: Any) -> Any:
    for _ in range(3):
        x = x + 0.5 * layer.out(layer.hidden(x + 0.5 * layer.out(layer.hidden(x))))
    return x


def _coordinates(layer: Any, x: Any) -> Any:
    batch, height, width, _ = x.shape
    rows = np.broadcast_to(
        np.linspace(-1, 1, height)[:, None, None], (batch, height, width, 1)
    )
    columns = np.broadcast_to(
        np.linspace(-1, 1, width)[:, None], (batch, height, width, 1)
    )
    return layer.conv(ops.concatenate([x, rows, columns], axis=-1))


def _pyramid(layer: Any, x: Any) -> Any:
    return layer.head(layer.flat(layer.pool(ops.relu(layer.normalize(layer.conv(x))))))


CASES = {
    "attention": Case(
        """\
layer: Attention
args: {heads: int}
inputs: [batch, time, width]
layers:
  attention: MultiHeadAttention(heads, 4)
  norm: LayerNormalization()
forward: norm(x + attention(x, x))
""",
        {"heads": 2},
        ((2, None, 5),),
        _attention,
        ("attention/query/kernel", "attention/attention_output/bias", "norm/gamma"),
        ("self.attention.build(input_shape, input_shape)",),
    ),
    "chain": Case(
        """\
layer: Chain
args: {width: int, depth: {type: int, min: 1}}
inputs: [..., features]
layers:
  dense: {make: Dense(width), for: _ in range(depth)}
  norms: {make: LayerNormalization(), for: _ in range(depth)}
forward: |
  y = x
  for layer, norm in zip(dense, norms):
      y = ops.gelu(norm(layer(y)))
  return y
""",
        {"width": 4, "depth": 3},
        ((2, None, 5),),
        _chain,
        ("dense_0/kernel", "dense_2/bias", "norms_1/beta"),
        ("for layer, norm in zip(self.dense, self.norms, strict=True):",),
    ),
    "residual": Case(
        """\
layer: Residual
args: {depth: {type: int, min: 1}}
inputs: [batch, features]
layers:
  up: {make: 'Dense(2 * features, activation="relu")', for: _ in range(depth)}
  down: {make: Dense(features), for: _ in range(depth)}
forward: |
  for index in range(depth):
      x = x + down[index](up[index](x))
  return x
""",
        {"depth": 2},
        ((None, 3),),
        _residual,
        ("up_0/kernel", "down_1/kernel"),
        ("layer.build((input_shape[0], 2 * features))",),
    ),
    "branches": Case(
        """\
layer: Branches
args: {width: int, gated: "bool = True"}
inputs: {x: [batch, features], context: [batch, d]}
layers:
  a: Dense(width)
  b: Dense(width, activation="sigmoid")
  gate: {make: Dense(width), when: gated}
  out: Dense(3)
forward: |
  y = a(ops.concatenate([x, context], axis=-1)) * b(context)
  if gate is not None:
      y = y * ops.sigmoid(gate(x))
  return out(ops.concatenate([y, y ** 2], -1))
""",
        {"width": 4},
        ((None, 3), (None, 5)),
        _branches,
        ("a/kernel", "b/bias", "gate/kernel", "out/kernel"),
        ("if self.gate is not None:", "self.out.build((x_shape[0], 2 * self.width))"),
    ),
    "local function": Case(
        """\
layer: Solver
args: {width: int}
inputs: [..., features]
layers:
  hidden: Dense(width, activation="tanh")
  out: Dense(features)
forward: |
  def field(z):
      return out(hidden(z))
  for _ in range(3):
      x = x + 0.5 * field(x + 0.5 * field(x))
  return x
""",
        {"width": 4},
        ((None, None, 3),),
        _solver,
        ("hidden/kernel", "out/kernel"),
        ("self.out.build((*input_shape[:-1], self.width))",),
    ),
    "arithmetic of sizes": Case(
        """\
layer: Coordinates
args: {filters: int}
inputs: [batch, height, width, channels]
layers:
  conv: 'Conv2D(filters, 3, padding="same")'
forward: |
  rows = ops.linspace(-1.0, 1.0, height)
  columns = ops.linspace(-1.0, 1.0, width)
  rows = ops.broadcast_to(rows[None, :, None, None], (batch, height, width, 1))
  columns = ops.broadcast_to(columns[None, None, :, None], (batch, height, width, 1))
  return conv(ops.concatenate([x, rows, columns], axis=-1))
""",
        {"filters": 4},
        ((None, None, None, 3),),
        _coordinates,
        ("conv/kernel", "conv/bias"),
        ("self.conv.build((*input_shape[:-1], channels + 2))",),
    ),
    "what layers say": Case(
        """\
layer: Pyramid
args: {filters: int}
inputs: [batch, height, width, channels]
layers:
  conv: 'Conv2D(filters, 3, padding="same")'
  normalize: BatchNormalization()
  pool: MaxPooling2D(2)
  flat: GlobalAveragePooling2D()
  head: Dense(4)
forward: head(flat(pool(ops.relu(normalize(conv(x))))))
""",
        {"filters": 4},
        ((None, 6, 8, 3),),
        _pyramid,
        ("conv/kernel", "normalize/gamma", "head/kernel"),
    ),
    "sizes of branches": Case(
        """\
layer: Wide
args: {n: int, wider: "bool = True"}
inputs: [batch, dim]
layers: {wide: Dense(n * dim), out: Dense(dim)}
forward: |
  y = x
  if wider:
      y = wide(x)
  return out(y)
""",
        {"n": 2},
        ((None, 3),),
        lambda layer, x: layer.out(layer.wide(x)),
        ("wide/kernel", "out/kernel"),
        ("keras.Operation.compute_output_spec(",),
    ),
    "weights at build": Case(
        """\
layer: Stacked
inputs: [batch, dim]
weights: {table: [dim]}
layers: {parts: {make: Dense(width), for: "width in [dim, dim]"}}
forward: |
  def run(t, layers):
      *firsts, last = layers
      for dense in firsts:
          t = dense(t)
      return last(t)
  return run(x, parts) + ops.reshape(table, (1, -1))
""",
        {},
        ((None, 3),),
        lambda layer, x: layer.parts[1](layer.parts[0](x)) + layer.table[None],
        ("parts_0/kernel", "parts_1/bias", "table"),
        ("ops.cast(self.table, self.compute_dtype)",),
    ),
    "another's layer alone": Case(
        """\
layer: Alone
inputs: [batch, time, features]
layers: {inner: Inner()}
imports: from made_by_hand import Inner
forward: inner(x)
""",
        {},
        ((None, 4, 5),),
        lambda layer, x: layer.inner(x),
        ("inner/dense/kernel",),
        ("keras.Operation.compute_output_spec(",),
    ),
    "through call": Case(
        """\
layer: Through
inputs: [batch, time, features]
layers:
  inner: Inner()
  out: Dense(3)
imports: from made_by_hand import Inner
forward: out(inner(x))
""",
        {},
        ((None, 4, 5),),
        lambda layer, x: layer.out(layer.inner(x)),
        ("inner/dense/kernel", "out/kernel"),
        ("keras.Operation.compute_output_spec(",),
    ),
}


@keras.saving.register_keras_serializable("made_by_hand")
class Inner(keras.layers.Layer):
    """A layer that says nothing of shapes, as people write them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(4, name="dense", dtype=self.dtype_policy)

    def call(self, inputs: Any) -> Any:
        return self.dense(ops.mean(inputs, axis=1))


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module with `Inner` that specs can import."""
    module = ModuleType("made_by_hand")
    module.Inner = Inner  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "made_by_hand", module)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, by_hand: None) -> Case:
    found: Case = CASES[request.param]
    return found


def generated(spec: str) -> tuple[Any, str]:
    """The class of a spec, and its code."""
    reading = read_spec(spec, "made.yaml")
    assert reading.spec, reading.problems
    code = next(iter(render(reading.spec, "class").values()))
    names: dict[str, Any] = {"__name__": "made"}
    exec(compile(code, "made.py", "exec"), names)
    return names[reading.spec.layer], code


def whole(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(2 if size is None else size for size in shape)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "float64"])
def test_built_by_shapes(case: Case, policy: str) -> None:
    """The weights are there under plain paths, also on open sizes, before any call."""
    layer = generated(case.spec)[0](**case.given, dtype=policy, name="made")
    layer.build(*case.shapes)
    paths = [weight.path for weight in layer.weights]
    assert {*case.paths} <= {path.removeprefix("made/") for path in paths}
    assert len({*paths}) == len(paths)
    assert not any("call" in path.split("/") for path in paths)
    dtype = layer.dtype_policy.variable_dtype
    trained = layer.trainable_weights
    assert all(keras.backend.standardize_dtype(w.dtype) == dtype for w in trained)
    given = [np.random.normal(size=whole(shape)) for shape in case.shapes]
    before = [*map(id, layer.weights)]
    got = layer(*[ops.cast(one, layer.compute_dtype) for one in given])
    assert [*map(id, layer.weights)] == before
    assert keras.backend.standardize_dtype(got.dtype) == layer.compute_dtype


def test_value(case: Case) -> None:
    """What comes out is what its sublayers make by hand."""
    layer = generated(case.spec)[0](**case.given, dtype="float64")
    layer.build(*case.shapes)
    for weight in layer.trainable_weights:
        weight.assign(np.random.normal(size=weight.shape))
    given = [np.random.normal(size=whole(shape)) for shape in case.shapes]
    want = case.value(layer, *given)
    np.testing.assert_allclose(layer(*given), want, rtol=1e-12)


MADE_AT_BUILD = {"residual", "local function", "sizes of branches", "weights at build"}


@pytest.mark.parametrize("name", sorted(CASES.keys() - MADE_AT_BUILD))
def test_as_a_first_call_would(name: str, by_hand: None) -> None:
    """The weights are those of the same sublayers when a call builds them."""
    case = CASES[name]
    made = generated(case.spec)[0]
    built, called = made(**case.given, name="made"), made(**case.given, name="made")
    built.build(*map(whole, case.shapes))
    called.build = lambda *shapes: None
    called(*[np.ones(whole(shape), "float32") for shape in case.shapes])
    want = {(w.path, tuple(w.shape)) for w in called.weights}
    assert {(w.path, tuple(w.shape)) for w in built.weights} == want


def test_code(case: Case) -> None:
    code = generated(case.spec)[1]
    assert "Lambda" not in code
    for line in case.code:
        assert line in code


CHOSEN = """\
layer: Chosen
args: {first: bool}
inputs: [batch, features]
layers: {a: Dense(4), b: Dense(4), drop: Dropout(0.5)}
forward: |
  y = drop(tf.abs(x))
  return a(y) if first else b(y)
"""


@pytest.mark.parametrize("first", [True, False])
def test_a_branch_that_an_argument_rules_out(first: bool, tmp_path: Path) -> None:
    """Nobody sees the shape of what the layer never calls: it has no weights, and is saved."""
    made, _ = generated(CHOSEN)
    layer = made(first=first, name="made")
    layer.build((None, 3))
    assert {w.path.split("/")[1] for w in layer.trainable_weights} == {"ba"[first]}
    model = keras.Sequential([layer])
    x = np.random.normal(size=(2, 3)).astype("float32")
    want = model(x)
    model.save(tmp_path / "chosen.keras")
    again = keras.saving.load_model(
        tmp_path / "chosen.keras", custom_objects={"Chosen": made}
    )
    np.testing.assert_allclose(again(x), want, rtol=1e-6)


SAID_ONCE = """\
        conv_shape = self.conv.compute_output_shape(input_shape)
        self.normalize.build(conv_shape)
        self.pool.build(conv_shape)
"""


def test_what_a_layer_says_is_asked_once() -> None:
    case = CASES["what layers say"]
    text = case.spec.replace("Conv2D", "Conv2DTranspose")
    assert SAID_ONCE in generated(text)[1]


STRICT = """\
layer: Strict
inputs: [batch, time, features]
layers:
  held: {make}
forward: held({given})
"""


@pytest.mark.parametrize(
    ("make", "given", "asked"),
    [
        ("Dense(4)", "x", False),
        ("LayerNormalization()", "x", True),
        ("MultiHeadAttention(2, 4)", "x, x", True),
        ("LSTM(4)", "x", True),
        ("Conv1D(4, 2)", "x", True),
        ("Dropout(0.5)", "x", False),
        ("Dense(4)", "ops.concatenate([x, x], axis=-1)", True),
    ],
)
def test_last_axes_that_nobody_else_holds(make: str, given: str, asked: bool) -> None:
    """`build` asks for a last axis that a sublayer needs and would not hold itself."""
    made, code = generated(STRICT.format(make=make, given=given))
    assert ("needs to know" in code) is asked
    layer = made()
    layer.build((2, 3, 5))
    if make != "Dropout(0.5)":
        with pytest.raises(ValueError):
            layer(np.ones((2, 3, 1), "float32"))
        with pytest.raises(ValueError):
            made().build((2, 3, None))


def test_an_optional_input_left_out() -> None:
    made, _ = generated("""\
layer: Gate
inputs:
  x: [batch, features]
  gate: {shape: [batch, features], optional: true}
layers:
  dense: Dense(features)
  merge: Multiply()
  other: Dense(features)
forward: |
  y = dense(x)
  if gate is not None:
      y = merge([y, other(gate)])
  return y
""")
    x = np.random.normal(size=(2, 3))
    layer = made(dtype="float64")
    np.testing.assert_allclose(layer(x), layer.dense(x))
    want = layer.dense(x) * layer.other(x)
    np.testing.assert_allclose(layer(x, x), want)
    assert len(layer.weights) == 4


def test_a_cell_with_sublayers() -> None:
    made, code = generated("""\
layer: MiniCell
kind: cell
args: {units: int}
inputs: [batch, features]
outputs: [batch, units]
states: {h: [units]}
layers:
  gate: 'Dense(units, activation="sigmoid")'
  candidate: Dense(units)
forward: |
  z = gate(ops.concatenate([x, h], axis=-1))
  h = (1 - z) * h + z * candidate(ops.concatenate([x, z * h], axis=-1))
  return h
""")
    assert "self.gate.build((input_shape[0], features + self.units))" in code
    layer = keras.layers.RNN(made(4, dtype="float64"), dtype="float64")
    x = np.random.normal(size=(2, 3, 5))
    got = layer(x)
    cell, h = layer.cell, np.zeros((2, 4))
    for step in range(3):
        both = np.concatenate([x[:, step], h], -1)
        z = 1 / (1 + np.exp(-both @ np.array(cell.gate.kernel)))
        both = np.concatenate([x[:, step], z * h], -1)
        h = (1 - z) * h + z * (both @ np.array(cell.candidate.kernel))
    np.testing.assert_allclose(got, h, rtol=1e-10)


BRANCHES = {
    "in training": ("", "{}", "training", {"training": True}),
    "by a flag": ("call_args: {deep: bool = False}", "{}", "deep", {"deep": True}),
    "by a choice": (
        'call_args: {mode: {type: \'Literal["a", "b", "c"]\'}}',
        "{}",
        'mode == "c"',
        {"mode": "c"},
    ),
    "by two": (
        "call_args: {deep: bool = False, count: int}",
        "{}",
        "deep and training",
        {"deep": True, "training": True, "count": 3},
    ),
    "by an argument": ("args: {deep: bool}", "{'deep': False}", "deep", {}),
    "by an argument that holds": ("args: {deep: bool}", "{'deep': True}", "deep", {}),
}


@pytest.mark.parametrize("inputs", ["any", "[batch, time, features]"])
@pytest.mark.parametrize("name", BRANCHES)
def test_sublayers_of_one_branch_alone(name: str, inputs: str, by_hand: None) -> None:
    """All are there after `build`, in whichever branch of `call`, and compute its value."""
    # spec: layers-built
    keys, given, condition, arguments = BRANCHES[name]
    if inputs == "any" and keys == "args: {deep: bool}":
        pytest.skip("nobody knows the shapes of the other branch")
    made, _ = generated(f"""\
layer: OneBranch
inputs: {inputs}
{keys}
layers: {{inner: Inner(), first: Dense(4), second: Dense(4)}}
imports: from made_by_hand import Inner
forward: |
  if {condition}:
    return inner(x) + ops.mean(second(x), axis=1)
  return inner(x) + ops.mean(first(x), axis=1)
""")
    layer = made(**ast.literal_eval(given), dtype="float64", name="made")
    layer.build((None, None, 3))
    paths = {weight.path for weight in layer.weights}
    of_dense = ("kernel", "bias")
    assert paths == {
        f"made/{one}/{part}"
        for one in ("inner/dense", "first", "second")
        for part in of_dense
    }
    for weight in layer.weights:
        weight.assign(np.random.normal(size=weight.shape))
    x = np.random.normal(size=(2, 5, 3))
    inner = x.mean(1) @ np.array(layer.inner.dense.kernel) + layer.inner.dense.bias
    taken = layer.second if arguments or layer.deep else layer.first
    want = inner + (x @ np.array(taken.kernel) + taken.bias).mean(1)
    np.testing.assert_allclose(layer(x, **arguments), want, rtol=1e-12)
    assert {weight.path for weight in layer.weights} == paths


def test_what_another_branch_has_gets_no_gradient() -> None:
    """The emitted test calls one branch, and says so."""
    text = """\
layer: Gated
inputs: [batch, features]
call_args: {deep: bool = False}
weights: {scale: [features], other: [features]}
layers: {first: Dense(4), second: Dense(4)}
forward: |
  if deep:
    return second(x * other)
  return first(x * scale)
"""
    spec = read_spec(text, "gated.yaml").spec
    assert spec is not None
    test = render(spec, "class")["test_gated.py"]
    assert 'zero_gradient=("other", "second")' in test
    read = "  if deep:\n    return first(x) + second(x * other)\n"
    both = read_spec(
        text.replace(
            "  return first(x * scale)\n", "  return second(x * scale) + first(x)\n"
        ).replace("  if deep:\n    return second(x * other)\n", read),
        "gated.yaml",
    ).spec
    assert both is not None
    assert 'zero_gradient=("other",)' in render(both, "class")["test_gated.py"]
