"""What generated layers do when they run, beyond what their own tests hold them to."""

import keras
import numpy as np
import pytest
from fixed_square import FixedSquare
from minimal_cell import MinimalCell
from running_dense import RunningDense
from several_states import SeveralStates


def test_what_was_read_of_a_state_stays():
    layer = SeveralStates()
    x = np.ones((2, 3), dtype="float32")
    layer.build(x.shape)
    layer.before.assign([1.0, 2.0, 3.0])
    change, seen = layer(x)
    np.testing.assert_allclose(change[0], [0.0, -1.0, -2.0])
    np.testing.assert_allclose(layer.before, [1.0, 1.0, 1.0])
    assert float(seen) == 1


def test_reset_draws_a_random_state_anew():
    layer = SeveralStates()
    layer.build((2, 3))
    layer(np.ones((2, 3), dtype="float32"))
    drawn = []
    for _ in range(2):
        layer.reset_state()
        drawn.append(np.array(layer.before))
    assert int(layer.count.numpy()) == 0
    assert not np.array_equal(drawn[0], drawn[1])


def test_a_state_for_each_sample_asks_for_a_batch_size():
    with pytest.raises(ValueError, match="fixed batch size"):
        RunningDense(3).build((None, 4))


def test_an_axis_that_arithmetic_fixes_is_checked_at_build():
    with pytest.raises(ValueError, match="axis 1 of `x`"):
        FixedSquare().build((None, 5, 3, 2))


@pytest.mark.parametrize("sequences", [False, True])
def test_a_cell_runs_backwards_and_loads(tmp_path, sequences):
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    options = {"return_sequences": sequences}
    forwards = keras.layers.RNN(MinimalCell(4), **options)
    backwards = keras.layers.RNN(MinimalCell(4), go_backwards=True, **options)
    model = keras.Sequential([keras.Input((None, 3)), backwards])
    expected = model(x)
    forwards.build(x.shape)
    forwards.set_weights(backwards.get_weights())
    np.testing.assert_allclose(forwards(x[:, ::-1]), expected, atol=1e-6)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        keras.models.load_model(tmp_path / "model.keras")(x), expected
    )
