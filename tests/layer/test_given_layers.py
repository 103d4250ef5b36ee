"""Layers given as arguments of which forward reads attributes and calls nothing."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.problems import SpecError
from layergen.rendering import render
from layergen.testing import CHECKS
from layergen.testing.runner import result_of

TIED = """\
layer: Tied
args:
  source: Layer
inputs: [batch, code]
forward: x @ ops.transpose(source.kernel)
example: {source: Dense(4), code: 4}
"""


def files(text: str) -> tuple[str, str]:
    reading = read_spec(text, "tied.yaml", "tied")
    assert reading.spec, reading.problems
    module, test = render(reading.spec).values()
    return module, test


def made(text: str):
    found = {"__name__": "tied"}
    exec(compile(files(text)[0], "tied.py", "exec"), found)
    return found["Tied"]


def built(layer, *shape):
    layer.build((None, *shape))
    return layer


# spec: layers-read
def test_a_kernel_of_a_built_layer() -> None:
    source = built(keras.layers.Dense(4), 6)
    layer = made(TIED)(source)
    x = np.arange(8, dtype="float32").reshape(2, 4)
    np.testing.assert_allclose(layer(x), x @ np.asarray(source.kernel).T, rtol=1e-5)
    assert [v is source.kernel for v in layer.trainable_weights] == [True, False]


UNBUILT = (
    r"mine: `source` must be built before, for the layer reads {} of it\. Received"
)


@pytest.mark.parametrize(
    ("forward", "source", "read"),
    [
        ("x @ ops.transpose(source.kernel)", keras.layers.Dense(4), "`kernel`"),
        (
            "x @ source.kernel + source.bias",
            keras.layers.Dense(4),
            "`bias` and `kernel`",
        ),
        ("x * source.gamma", keras.layers.BatchNormalization(), "`gamma`"),
        ("x * source.gamma", keras.layers.LayerNormalization(), "`gamma`"),
        ("x @ source.weights[0]", keras.layers.Dense(4), "`weights`"),
        ("x @ source.cell.kernel", keras.layers.LSTM(4), r"`cell\.kernel`"),
        ("x @ source.embeddings", keras.layers.Embedding(4, 3), "`embeddings`"),
    ],
)
def test_an_unbuilt_layer_is_told(forward: str, source, read: str) -> None:
    text = TIED.replace("x @ ops.transpose(source.kernel)", forward)
    fresh = type(source).from_config(source.get_config())
    assert "Lambda" not in files(text)[0]
    with pytest.raises(ValueError, match=UNBUILT.format(read)):
        made(text)(fresh, name="mine")(np.ones((2, 4), "float32"))


@pytest.mark.parametrize("forward", ["x * source.units", "x * len(source.name) / 4"])
def test_what_every_layer_has_needs_no_building(forward: str) -> None:
    text = TIED.replace("x @ ops.transpose(source.kernel)", forward)
    source = keras.layers.Dense(4, name="four")
    found = made(text)(source)(np.ones((2, 3), "float32"))
    np.testing.assert_array_equal(
        found, np.full((2, 3), 4 if "units" in forward else 1)
    )
    assert not source.built


def test_one_that_may_be_none() -> None:
    text = TIED.replace("source: Layer", 'source: "Layer | None = None"', 1)
    text = text.replace(
        "x @ ops.transpose(source.kernel)",
        "x if source is None else x @ ops.transpose(source.kernel)",
    )
    x = np.ones((2, 4), "float32")
    np.testing.assert_array_equal(made(text)()(x), x)


def test_one_that_is_called_too_is_built() -> None:
    text = TIED.replace(
        "x @ ops.transpose(source.kernel)", "source(x) @ ops.transpose(source.kernel)"
    )
    source = keras.layers.Dense(4, use_bias=False)
    x = np.arange(10, dtype="float32").reshape(2, 5)
    found = made(text)(source)(x)
    kernel = np.asarray(source.kernel)
    np.testing.assert_allclose(found, x @ kernel @ kernel.T, rtol=1e-4)


def test_one_that_a_sublayer_holds_is_built_by_it() -> None:
    text = TIED.replace(
        "inputs: [batch, code]\nforward: x @ ops.transpose(source.kernel)",
        "inputs: [batch, time, code]\nlayers: {each: TimeDistributed(source)}\n"
        "forward: each(x) @ ops.transpose(source.kernel)",
    )
    assert "Lambda" not in files(text)[0]
    source = keras.layers.Dense(4, use_bias=False)
    x = np.arange(30, dtype="float32").reshape(2, 3, 5)
    found = made(text)(source)(x)
    kernel = np.asarray(source.kernel)
    np.testing.assert_allclose(found, x @ kernel @ kernel.T, rtol=1e-4)


def test_saves_and_loads(tmp_path) -> None:
    layer_class = made(TIED)
    inputs = keras.Input((6,))
    source = keras.layers.Dense(4)
    model = keras.Model(inputs, layer_class(source)(source(inputs)))
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras", {"Tied": layer_class})
    x = np.arange(12, dtype="float32").reshape(2, 6)
    np.testing.assert_allclose(again(x), model(x), rtol=1e-6)


def test_no_model_holds_what_it_does_not_call() -> None:
    reading = read_spec(TIED, "tied.yaml", "tied")
    assert reading.spec
    with pytest.raises(SpecError, match="LG601") as error:
        render(reading.spec, "functional")
    assert "no model holds the `kernel` of `source`" in str(error.value)


# The emitted test gives the layer one that is built, and so do copies that checks make.
@pytest.mark.parametrize(
    "check",
    ["can_be_called", "config_survives_json", "keras_file_round_trip"]
    + ["everything_gets_a_gradient", "sublayers_follow_the_policy"],
)
def test_the_emitted_test_builds_its_example(check: str, monkeypatch) -> None:
    import sys
    from types import ModuleType

    found = {}
    for name, code in zip(("tied", "test_tied"), files(TIED), strict=True):
        found[name] = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, found[name])
        exec(compile(code, f"{name}.py", "exec"), found[name].__dict__)
    [case] = found["test_tied"].CASES
    result = result_of(CHECKS[check], case)
    assert result.outcome == "passed", result.message
