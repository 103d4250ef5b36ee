"""Several devices: which weight is cut, what a step tells, and who has no such devices."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from layergen.testing import CHECKS, LayerCase
from layergen.testing.one_step import RATE, largest_shard, step
from layergen.testing.runner import result_of

CASE = LayerCase(keras.layers.Dense, {"units": 4}, {"x": (2, 3)})
CHECKED = [name for name, one in CHECKS.items() if one.group == "devices"]


@pytest.mark.parametrize(
    ("shapes", "cut"),
    [
        ([(3, 8), (8,)], (0, 1, 2)),
        ([(8, 3), (8,)], (0, 0, 2)),
        ([(3, 7), (7,)], (0, 0, 3)),
        ([(11, 7), (7,)], (0, 1, 7)),
        ([(7,), (4, 11), ()], (1, 0, 2)),
        ([(11, 13), (5,)], (1, 0, 5)),
        ([(11,), (1, 1), ()], None),
        ([], None),
    ],
)
def test_the_largest_weight_that_can_be_cut(shapes, cut):
    weights = [SimpleNamespace(shape=one) for one in shapes]
    assert largest_shard(SimpleNamespace(weights=weights)) == cut


def test_a_step_tells_gradients_of_weights_and_inputs():
    def load():
        inputs = keras.Input((3,))
        return keras.Model(inputs, keras.layers.Dense(2, name="dense")(inputs))

    x = np.arange(12.0, dtype="float32").reshape(4, 3) / 10
    model, found = step(load, [x], seed=0)
    kernel, bias = (keras.ops.convert_to_numpy(one) for one in model.weights)
    loads = 1.0 + np.cos(np.arange(8)).reshape(4, 2) / 2
    # The weights have moved by the gradient times the rate.
    kernel = kernel + RATE * found["the gradient of `kernel`"]
    bias = bias + RATE * found["the gradient of `bias`"]
    outputs = x @ kernel + bias
    assert found["the loss"] == pytest.approx((loads * outputs**2).mean(), rel=1e-4)
    upstream = 2 * loads * outputs / outputs.size
    wanted = {
        "the gradient of input 0": (upstream @ kernel.T).sum(0),
        "the gradient of `kernel`": x.T @ upstream,
        "the gradient of `bias`": upstream.sum(0),
    }
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-4, atol=1e-6)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX has such devices")
@pytest.mark.parametrize("name", CHECKED)
def test_a_backend_without_such_devices_is_named(name):
    result = result_of(CHECKS[name], CASE)
    assert result.outcome == "not applicable"
    assert "MirroredStrategy" in result.message


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="JAX alone spreads layers")
@pytest.mark.parametrize("name", CHECKED)
def test_a_right_layer_passes(name):
    assert len(CHECKED) == 2
    assert result_of(CHECKS[name], CASE).outcome == "passed"
