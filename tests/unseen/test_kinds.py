"""The harness holds cells, lists of inputs, integers, draws and gradients, too."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from unseen import harness

SIZE = ((3, 4), "float32", -1, 1)
EVERYWHERE = {"eager", "compiled", "saved", "bfloat16"}


def wrong(layer, **values):
    return harness.judge("one", layer, SimpleNamespace(**{"ARGS": {}} | values)).wrong


@pytest.mark.parametrize("sign", [1, -1])
def test_cells(sign):
    def reference(inputs, weights, args, training):
        x, [h] = inputs["x"], inputs["states"]
        h = np.tanh(x @ weights["kernel"] + sign * h @ weights["recurrent_kernel"])
        return h, h

    found = wrong(
        keras.layers.SimpleRNNCell,
        ARGS={"units": 2, "use_bias": False},
        INPUTS={"x": SIZE, "states": [((3, 2), "float32", -1, 1)]},
        CELL=True,
        reference=reference,
    )
    assert found.keys() == (set() if sign == 1 else EVERYWHERE)


@keras.saving.register_keras_serializable(package="unseen")
class ForgetsInAnRnn(keras.layers.SimpleRNNCell):
    def get_initial_state(self, batch_size=None):
        return [keras.ops.ones((batch_size, 2))]


def test_a_cell_that_is_wrong_in_an_rnn():
    def reference(inputs, weights, args, training):
        x, [h] = inputs["x"], inputs["states"]
        h = np.tanh(x @ weights["kernel"] + h @ weights["recurrent_kernel"])
        return h, h

    found = wrong(
        ForgetsInAnRnn,
        ARGS={"units": 2, "use_bias": False},
        INPUTS={"x": SIZE, "states": [((3, 2), "float32", -1, 1)]},
        CELL=True,
        reference=reference,
    )
    assert "in an RNN: largest difference" in found["eager"]


@pytest.mark.parametrize("factor", [1, 2])
def test_lists_of_inputs(factor):
    found = wrong(
        keras.layers.Add,
        INPUTS={"parts": [SIZE, SIZE, SIZE]},
        reference=lambda inputs, *rest: factor * sum(inputs["parts"]),
    )
    assert found.keys() == (set() if factor == 1 else EVERYWHERE)


def test_integers_paths_and_ranges():
    found = wrong(
        keras.layers.Embedding,
        ARGS={"input_dim": 5, "output_dim": 2},
        INPUTS={"ids": ((3, 6), "int32", 0, 5)},
        OPEN={"ids": [1]},
        PATHS={"embeddings": "table"},
        WEIGHTS={"table": (2, 3)},
        reference=lambda inputs, weights, *rest: weights["table"][inputs["ids"]],
    )
    assert not found


def dropout(check):
    return wrong(
        keras.layers.Dropout,
        ARGS={"rate": 0.5, "seed": 1},
        INPUTS={"x": ((8, 9), "float32", 1, 2)},
        reference=lambda inputs, *rest: inputs["x"],
        check=check,
    )


def differ(first, second, inputs, weights, args):
    assert np.any(first[0] != second[0])
    kept = np.isclose(first[0], 2 * inputs["x"], rtol=0.01)
    assert np.all(kept | (first[0] == 0))


def agree(first, second, inputs, weights, args):
    assert np.all(first[0] == second[0])


def test_draws():
    assert not dropout(differ)
    assert dropout(agree).keys() == {"eager", "bfloat16"}


@keras.saving.register_keras_serializable(package="unseen")
class StraightSign(keras.layers.Layer):
    def call(self, x):
        return x + keras.ops.stop_gradient(keras.ops.sign(x) - x)


@pytest.mark.parametrize("slope", [1, 0])
def test_gradients(slope):
    found = wrong(
        StraightSign,
        INPUTS={"x": SIZE},
        reference=lambda inputs, *rest: np.sign(inputs["x"]),
        gradients=lambda inputs, weights, args, up: {"x": slope * up},
    )
    assert found.keys() == (set() if slope else {"eager"})
    assert slope or "gradient of x: largest difference" in found["eager"]
