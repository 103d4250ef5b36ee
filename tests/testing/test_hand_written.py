"""Layers as people write them, of which nobody states anything, pass every check."""

from dataclasses import replace

import hand_written as first
import hand_written_styles as styles
import hand_written_too as second
import keras
import pytest

from layergen.testing import CHECKS, Input, LayerCase, check_layer
from layergen.testing.context import Context
from layergen.testing.observing import observed_case
from layergen.testing.runner import result_of

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
    (styles.Spectrum, {}),
    (styles.UpcastNorm, {}),
    (styles.Unnamed, {"units": 4}),
    (styles.NamedAfterItself, {}),
    (styles.Counting, {}),
    (styles.AroundALayer, {"inner": keras.layers.Dense(4)}),
    (styles.OpenBatch, {}),
    (styles.InnerInConfig, {"units": 4}),
    (styles.AnyOrder, {}),
    (styles.PositionsAlone, {}),
    (styles.TupleWithNone, {}),
    (styles.Block, {"units": 4}),
    (styles.Either, {"linear": False}),
    (styles.Reparametrize, {}),
    (styles.BareState, {"units": 4}),
]


@pytest.mark.parametrize(
    ("layer", "args"), LAYERS, ids=[la.__name__ for la, _ in LAYERS]
)
def test_no_false_alarm(layer, args):
    if layer is first.CrossAttn and keras.backend.backend() == "jax":
        pytest.skip(
            "on JAX attention is computed in float32, whatever the layer's dtype"
        )
    if layer is styles.TupleWithNone and keras.backend.backend() == "torch":
        pytest.skip("on PyTorch Keras calls no layer symbolically that returns a None")
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


def outcome(case, check):
    return result_of(CHECKS[check], case)


def test_names_of_halves_count_from_the_layer():
    cases = [observed_case(styles.BothWays, {}) for _ in range(2)]
    for case in cases:
        assert outcome(case, "build_creates_every_weight").outcome == "passed"


def test_a_state_named_after_its_layer_has_a_steady_name():
    cases = [observed_case(styles.Counting, {}) for _ in range(2)]
    assert [[*case.states] for case in cases] == [["counting_count"]] * 2


def test_names_that_a_case_states_stay_as_they_are():
    case = LayerCase(
        styles.NamedAfterItself,
        {"name": "mine"},
        {"x": (2, 3)},
        weights={"mine_w": (3,)},
        zero_gradient=("mine_w",),
    )
    assert outcome(case, "weights_are_as_stated").outcome == "passed"
    assert {"mine_w"} <= Context(case).weights.named(Context(case).layer).keys()


def test_scores_beside_the_output_and_a_mask_of_booleans():
    allowed = {"x": (2, 5, 3), "allowed": Input((2, 5, 5), "bool")}
    case = LayerCase(styles.WithScores, {}, allowed, mask="stop")
    assert outcome(case, "masked_steps_do_not_count").outcome == "passed"
    blind = type("Blind", (styles.WithScores,), {"call": _without_mask})
    result = outcome(replace(case, layer=blind), "masked_steps_do_not_count")
    assert result.outcome == "failed" and "masked step of `x`" in result.message


def _without_mask(self, x, allowed, x_mask=None):
    return styles.WithScores.call(self, x, allowed)


def test_a_surrogate_gradient_is_told_what_to_say():
    case = observed_case(styles.Quantize, {})
    result = outcome(case, "gradient_equals_central_differences")
    assert result.outcome == "failed"
    assert '`gradient="surrogate"`' in result.message
    assert "`stop_gradient`" in result.message and "custom" not in result.message
    assert check_layer(replace(case, gradient="surrogate")).ok


def test_inputs_of_too_few_axes_are_not_chosen():
    assert observed_case(styles.Spectrum, {}).shapes == [(3, 5, 8)]
