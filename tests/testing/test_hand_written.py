"""Layers as people write them, of which nobody states anything, pass every check."""

import hand_written as first
import hand_written_too as second
import keras
import pytest

from layergen.testing import check_layer
from layergen.testing.observing import observed_case

LAYERS = [
    (first.SelfAttention, {"num_heads": 2, "key_dim": 4}),
    (first.ConvBN, {"filters": 2}),
    (first.MLP, {"units": 4}),
    (first.FeedForward, {"units": 4, "rate": 0.5}),
    (first.ImplicitDrop, {"units": 4, "rate": 0.5}),
    (first.CrossAttn, {}),
    (first.GatedFusion, {"units": 4}),
    (second.TokenAndPosition, {"vocab_size": 9, "max_len": 8, "dim": 4}),
    (second.OneHot, {"depth": 4}),
    (second.GaussianHead, {"units": 4}),
    (second.TopScore, {"units": 4}),
    (second.RunningNorm, {}),
    (second.StepCounter, {}),
    (second.PairDistance, {}),
    (second.SeededInit, {"units": 4}),
    (second.OwnDtype, {}),
    (second.FixedPositional, {}),
]


@pytest.mark.parametrize(
    ("layer", "args"), LAYERS, ids=[la.__name__ for la, _ in LAYERS]
)
def test_no_false_alarm(layer, args):
    if layer is first.CrossAttn and keras.backend.backend() == "jax":
        pytest.skip(
            "on JAX attention is computed in float32, whatever the layer's dtype"
        )
    report = check_layer(observed_case(layer, args))
    assert len(report.passed) >= 25
    report.raise_if_failed()


def test_a_state_as_long_as_the_batch_is_none_per_sample():
    case = observed_case(second.RunningNorm, {}, {"inputs": (4, 4)})
    assert case.states == {"mean": (4,), "var": (4,)}
    assert case.unknown == (0,)


def test_states_of_sublayers_without_names_have_steady_ones():
    cases = [observed_case(first.ConvBN, {"filters": 2}) for _ in range(2)]
    names = ["batch_normalization_moving_mean", "batch_normalization_moving_variance"]
    for case in cases:
        assert [*case.states] == names
