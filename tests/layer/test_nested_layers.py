"""Layers inside the constructors of others: found, and given the dtype policy."""

from __future__ import annotations

import sys
from types import ModuleType

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.rendering import render

CELL = """\
layer: SumCell
kind: cell
args: {units: int}
inputs: [batch, features]
states: {h: [units]}
weights: {kernel: {shape: [features, units], initializer: ones}}
forward: |
  h = h + x @ kernel
  return h
"""
HOLDER = """\
layer: Holder
args: {{units: int}}
inputs: [batch, {shape}]
layers:
  held: {make}
forward: held(x)
"""


def module(
    text: str, monkeypatch: pytest.MonkeyPatch, style: str = "class"
) -> ModuleType:
    """The generated module of a spec, there to be imported by others."""
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    code = next(iter(render(reading.spec, style).values()))
    found = ModuleType(reading.spec.stem)
    monkeypatch.setitem(sys.modules, found.__name__, found)
    exec(compile(code, f"{found.__name__}.py", "exec"), found.__dict__)
    return found


@pytest.mark.parametrize(
    ("make", "twice"),
    [
        ("RNN(SumCell(units), return_sequences=True)", False),
        ("Bidirectional(RNN(SumCell(units), return_sequences=True))", True),
        ("RNN([SumCell(units)], return_sequences=True)", False),
    ],
)
@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "float64"])
def test_a_cell_of_another_spec(
    make: str, twice: bool, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module(CELL, monkeypatch)
    made = module(HOLDER.format(shape="time, features", make=make), monkeypatch)
    layer = made.Holder(5, dtype=policy)
    x = np.arange(2 * 4 * 3).reshape(2, 4, 3) / 8
    found = layer(x.astype(layer.compute_dtype))
    steps = x.sum(-1, keepdims=True).repeat(5, -1)
    wanted = steps.cumsum(1)
    if twice:
        wanted = np.concatenate([wanted, steps[:, ::-1].cumsum(1)[:, ::-1]], -1)
    assert found.dtype == layer.compute_dtype
    np.testing.assert_allclose(np.asarray(found, float), wanted, rtol=1e-3)
    assert {w.dtype for w in layer.weights} == {layer.variable_dtype}
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(layer)
    )
    assert type(again) is made.Holder


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(
    "policy", ["float32", "mixed_float16", "mixed_bfloat16", "float64"]
)
@pytest.mark.parametrize(
    ("make", "shape"),
    [
        ("SpectralNormalization(Dense(units))", "features"),
        ("TimeDistributed(Dense(units, use_bias=False))", "time, features"),
        (
            "TimeDistributed(layer=keras.layers.TimeDistributed(Dense(units)))",
            "a, b, c",
        ),
        ("Bidirectional(LSTM(units))", "time, features"),
        ("RNN([GRUCell(units), LSTMCell(units)])", "time, features"),
        ("RNN(StackedRNNCells([GRUCell(n) for n in [units, 2]]))", "time, features"),
    ],
)
def test_every_inner_layer_has_the_policy(
    make: str, shape: str, policy: str, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = module(HOLDER.format(shape=shape, make=make), monkeypatch, style)
    sizes = (4, 3, 5)[: shape.count(",") + 1]
    if style == "class":
        layer = made.Holder(2, dtype=policy)
        layer.build((2, *sizes))
    else:
        layer = made.holder(sizes, 2, dtype=policy).get_layer("held")
    wanted = keras.DTypePolicy(policy)
    # Of a list of cells Keras makes a layer, without weights, of its own policy.
    own = () if "Stacked" in make else keras.layers.StackedRNNCells
    inner = [one for one in layer._flatten_layers() if not isinstance(one, own)]
    assert len(inner) > 1
    assert {one.dtype_policy.name for one in inner} == {policy}
    assert {str(w.dtype) for w in layer.trainable_weights} == {wanted.variable_dtype}


def test_a_dtype_that_is_written_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    make = 'TimeDistributed(Dense(units, dtype="float64"), dtype="float64")'
    made = module(HOLDER.format(shape="time, features", make=make), monkeypatch)
    layer = made.Holder(2)
    layer.build((2, 4, 3))
    assert {str(w.dtype) for w in layer.weights} == {"float64"}


def test_a_layer_that_takes_no_dtype_is_given_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = "Pipeline([Rescaling(2.0), Rescaling(0.5)])"
    made = module(HOLDER.format(shape="features", make=make), monkeypatch)
    layer = made.Holder(2)
    assert layer.held.name == "held"
    np.testing.assert_array_equal(layer(np.ones((2, 3), "float32")), np.ones((2, 3)))


def test_what_is_no_layer_is_given_no_dtype(monkeypatch: pytest.MonkeyPatch) -> None:
    make = "Dense(max(units, 1), kernel_initializer=keras.initializers.Constant(2.0))"
    made = module(HOLDER.format(shape="features", make=make), monkeypatch)
    x = np.ones((2, 3), "float32")
    np.testing.assert_array_equal(made.Holder(2)(x), np.full((2, 2), 6.0))


@pytest.mark.parametrize(
    "make", ["RNN(SumCell(units))", "TimeDistributed(Lambda(abs))"]
)
def test_functional_style_holds_built_in_layers_alone(make: str) -> None:
    text = HOLDER.format(shape="time, features", make=make)
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    with pytest.raises(Exception, match="LG608"):
        render(reading.spec, "functional")
