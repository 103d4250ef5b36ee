"""Every check catches a layer that is broken in the one way it guards against."""

import broken_layers as broken
import broken_quietly as quiet
import broken_stateful as stateful
import correct_stateful as correct
import keras
import numpy as np
import pytest

from layergen.testing import CHECKS, CheckFailure, LayerCase
from layergen.testing.runner import run_check


def case(layer, inputs=(2, 3), args=None, **stated):
    """A case of a layer whose constructor takes `units`."""
    args = {"units": 7} if args is None else args
    return LayerCase(layer, args, {"x": inputs}, **stated)


def sequence(layer, **stated):
    return case(layer, (2, 5, 3), **{"unknown": (0, 1), **stated})


def mean(layer, **stated):
    return case(layer, (2, 5, 3), {}, unknown=(0, 1), **stated)


def averages(layer, **stated):
    stated = {"training": True, **stated}
    states = {"mean": (3,), "scale": (3,), "count": ()}
    return case(layer, (4, 3), {}, states=states, **stated)


def carry(layer):
    return case(layer, (2, 3), {}, states={"carry": (2, 3)}, unknown=())


def noise(layer):
    return case(layer, training=True)


def every_other(layer):
    return sequence(layer, args={}, mask=lambda mask, x: mask[:, ::2])


def cell(layer, **stated):
    states = {"h": (7,), "c": (8,)}
    return sequence(layer, **{"states": states, **stated})


def affine(x, kernel, bias, scale, **_):
    return np.tanh(scale * x @ kernel + bias)


def dense(units, **_):
    return keras.layers.Dense(units, activation="tanh")


def straight_through(x, kernel, bias, upstream, **_):
    return {"bias": upstream.sum(0), "kernel": x.T @ upstream}


def penalized(x, kernel, bias, scale, add_loss, **_):
    y = affine(x, kernel, bias, scale)
    add_loss((y * y).mean())
    return y


def running_mean(x, mean, scale, gain, training, momentum=0.9, **_):
    if training:
        mean[...] = momentum * mean + (1 - momentum) * x.mean(axis=0)
        scale[...] = 0.5 * scale + 0.5
    return (x - mean) * scale * gain


BROKEN = {
    "output_has_stated_shape": [case(broken.ExtraAxis, outputs=(2, 7))],
    "float_output_has_compute_dtype": [case(broken.AlwaysFloat64)],
    "weights_are_as_stated": [
        case(broken.Misnamed, weights={"kernel": (3, 7), "bias": (7,)}),
        case(broken.UnusedWeight, weights={"kernel": (3, 7), "bias": (7,)}),
    ],
    "symbolic_call_agrees_with_eager": [
        case(broken.UndeclaredIntegers),
        case(broken.WrongShape),
    ],
    "compute_output_shape_agrees": [
        case(broken.WrongShape),
        case(broken.CountsUnknown),
    ],
    "batch_may_be_unknown": [case(broken.StaticBatch)],
    "time_may_be_unknown": [sequence(broken.StaticTime)],
    "batch_of_one_gives_the_same_row": [case(broken.Squeezes)],
    "rows_are_independent": [case(broken.MixesRows)],
    "outputs_are_finite": [case(broken.Logarithm)],
    "equals_reference": [case(broken.TwiceTheBias, reference=affine)],
    "equals_reference_at_zeros": [
        case(quiet.OtherAtZeroInput, reference=affine),
        case(quiet.OtherAtZeroWeight, reference=affine),
    ],
    "training_equals_reference": [
        case(quiet.DoublesLoss, losses=1, reference=penalized),
        averages(quiet.ForgetsMomentum, reference=running_mean),
    ],
    "equals_equivalent": [
        case(broken.TwiceTheBias, equivalent=dense),
        case(broken.UnusedWeight, equivalent=dense),
    ],
    "gradients_equal_those_of_equivalent": [case(broken.StopsKernel, equivalent=dense)],
    "everything_gets_a_gradient": [
        case(broken.UnusedWeight),
        case(broken.StopsKernel),
        case(broken.ZeroGradient),
    ],
    "gradients_are_finite": [case(broken.NanGradient)],
    "gradient_equals_central_differences": [
        case(broken.TwiceTheGradient),
        case(broken.UphillGradient),
        case(broken.StopsKernel),
    ],
    "second_order_gradient_is_right": [case(broken.FlatGradient)],
    "zero_upstream_gives_zero_gradient": [case(broken.ForgetsUpstream)],
    "gradient_has_its_arguments_shape_and_dtype": [
        case(broken.UnsummedBias),
        case(broken.Float32Gradient),
    ],
    "surrogate_gradient_equals_formula": [
        case(broken.TwiceTheGradient, gradient=straight_through)
    ],
    "backward_pass_is_deterministic": [case(broken.NoisyGradient)],
    "config_has_every_argument": [case(broken.ForgetsUnits)],
    "config_survives_json": [
        case(broken.IntegerKeys, args={"table": {1: 2.0}}),
        case(broken.ArrayInConfig, args={"table": [1]}),
    ],
    "config_differs_when_argument_differs": [case(broken.ForgetsScale)],
    "config_keeps_what_every_layer_has": [
        case(quiet.ForgetsBase),
        case(quiet.TakesNoName),
    ],
    "clones_share_nothing": [
        case(broken.LiveObjects, args={"inner": keras.layers.Dense(2)}),
        case(broken.SharedInitializer),
    ],
    "initializer_takes_effect": [
        case(broken.IgnoresInitializer),
        case(quiet.ignores_initializer, args={"units": 7, "input_shape": (3,)}),
    ],
    "regularizer_takes_effect": [
        case(broken.IgnoresRegularizer),
        case(broken.PenalizesTwice),
    ],
    "constraint_takes_effect": [case(broken.IgnoresConstraint)],
    "wrong_argument_is_refused": [
        case(broken.AcceptsAnything),
        case(broken.WrongKindOfError),
        case(broken.UnnamedError),
    ],
    "wrong_rank_is_refused_at_build": [case(broken.AnyRank)],
    "unknown_size_is_refused_at_build": [case(broken.AnySize)],
    "wrong_size_is_refused_on_later_calls": [
        case(broken.Broadcasts, args={}),
        case(broken.BackendError),
    ],
    "keras_file_round_trip": [
        case(broken.ForgetsScale, args={"units": 7, "scale": 2.0})
    ],
    "weights_file_round_trip": [case(broken.DrawsAtRandom)],
    "loads_in_fresh_process": [
        case(broken.Unregistered),
        case(stateful.with_custom_layer, args={"units": 7, "input_shape": (3,)}),
    ],
    "build_creates_every_weight": [case(broken.LazySublayer)],
    "every_variable_is_tracked": [
        case(broken.HiddenVariable),
        case(broken.RawVariable),
        case(broken.HiddenLayer),
    ],
    "no_tensor_is_kept": [case(broken.KeepsTensor), case(broken.CachesTensor)],
    "weight_paths_are_unique": [case(broken.SamePath)],
    "saved_model_serves_same_values": [
        case(broken.StaticBatch),
        case(broken.OtherInGraph),
    ],
    "outputs_have_compute_dtype": [case(broken.AlwaysFloat32)],
    "variables_have_variable_dtype": [case(broken.HalfWeights)],
    "sublayers_follow_the_policy": [case(broken.PolicylessSublayer)],
    "values_are_close_to_float64": [case(broken.Overflows)],
    "float64_keeps_its_digits": [case(broken.LosesDigits)],
    "global_policy_is_followed": [case(broken.FixedDtype), case(broken.AlwaysFloat32)],
    "graph_agrees_with_eager": [case(broken.OtherInGraph)],
    "xla_agrees_with_eager": [case(broken.PythonInside), case(broken.OtherInGraph)],
    "works_in_graph_then_eagerly": [case(broken.CachesTensor)],
    "one_trace_serves_every_batch": [case(broken.StaticBatch)],
    "graph_does_not_grow_with_batch": [case(broken.LoopsOverRows)],
    "graph_does_not_grow_with_time": [sequence(broken.LoopsOverTime)],
    "fit_lowers_the_loss": [case(broken.UphillGradient)],
    "fit_with_xla_lowers_the_loss": [case(broken.PythonInside)],
    "frozen_layer_does_not_move": [
        case(broken.NeverFrozen),
        case(broken.MovesInTraining),
    ],
    "training_differs_from_inference": [case(broken.IgnoresTraining, training=True)],
    "training_equals_inference": [case(broken.SecretDropout)],
    "inference_changes_no_weight": [
        case(broken.MovesAlways),
        averages(stateful.UpdatesAlways),
    ],
    "states_are_as_stated": [
        averages(stateful.TrainedState),
        averages(stateful.SecretState),
        case(correct.Carry, args={}, states={"carry": (3,)}, unknown=()),
        case(correct.Carry, args={}, states={"total": (3,)}, unknown=()),
    ],
    "a_step_updates_every_state": [averages(stateful.NeverUpdated)],
    "states_agree_in_graph": [
        averages(stateful.UpdatesEagerly),
        averages(stateful.CountsInPython),
    ],
    "states_agree_under_xla": [averages(stateful.CountsInPython)],
    "states_agree_in_fit": [averages(stateful.UpdatesEagerly)],
    "states_are_saved": [averages(stateful.ForgetsStates)],
    "reset_state_restores_initial_values": [
        averages(stateful.ResetsToZero),
        averages(stateful.RepeatsRandom),
        averages(stateful.ResetsWeights),
    ],
    "fixed_batch_is_asked_for": [
        carry(stateful.AnyBatch),
        carry(stateful.UnclearAboutBatch),
    ],
    "states_agree_across_replicas": [
        averages(stateful.Drifts),
        averages(stateful.CountsReplicas),
    ],
    "replicas_refuse_a_state_per_sample": [carry(stateful.RunsOnReplicas)],
    "draws_anew_in_every_step": [noise(stateful.FixedSeed)],
    "graph_draws_anew_in_every_step": [noise(stateful.NumpyNoise)],
    "same_seed_repeats": [noise(stateful.IgnoresSeed), noise(stateful.GlobalGenerator)],
    "inference_draws_nothing": [
        noise(stateful.DrawsInVain),
        noise(stateful.NoisyPredictions),
    ],
    "generator_is_tracked": [
        noise(stateful.HiddenGenerator),
    ],
    "loaded_layer_draws_from_its_seed": [noise(stateful.ForgetsSeed)],
    "mask_is_passed_on": [
        sequence(broken.DropsMask, mask="pass"),
        sequence(broken.InvertsMask, mask="pass"),
        sequence(quiet.ReturnsMaskedInput, args={}, mask="pass"),
    ],
    "mask_is_used_up": [mean(broken.KeepsMask, mask="stop")],
    "mask_is_supported": [mean(broken.Unsupporting, mask="stop")],
    "masked_end_is_as_no_end": [
        mean(quiet.CountsMaskedSteps, mask="stop"),
        mean(quiet.SumsUnderMask, mask="stop"),
    ],
    "masked_steps_do_not_count": [mean(broken.IgnoresMask, mask="stop")],
    "computed_mask_equals_its_function": [
        every_other(stateful.WholeMask),
        every_other(stateful.InventsMask),
    ],
    "masks_are_delivered": [
        LayerCase(
            stateful.TrustsKeras,
            {},
            {"query": (2, 5, 3), "value": None},
        )
    ],
    "call_adds_stated_losses": [
        case(stateful.AddsTwice, losses=1),
        case(stateful.ForgetsLoss, losses=1),
        case(stateful.InfiniteLoss, losses=1),
        case(correct.Penalty),
    ],
    "losses_agree_in_graph": [case(stateful.AddsEagerly, losses=1)],
    "losses_reach_fit": [case(stateful.AddsEagerly, losses=1)],
    "second_call_does_not_double_losses": [case(stateful.KeepsLosses, losses=1)],
    "losses_have_their_gradient": [
        case(quiet.StopsLoss, losses=1),
        case(quiet.HalvesLossGradient, losses=1),
    ],
    "cell_states_are_as_stated": [
        cell(stateful.HalfAState),
        cell(stateful.WrongOutputSize),
        cell(stateful.SwapsStates),
    ],
    "rnn_equals_single_steps": [cell(stateful.TrustsPython)],
    "masked_step_leaves_the_states": [cell(stateful.RemembersElsewhere)],
    "step_equals_reference": [
        cell(stateful.TwiceTheState, reference=correct.cell_step)
    ],
}

PAIRS = [
    pytest.param(name, one, id=f"{name}-{one.name}")
    for name, cases in BROKEN.items()
    for one in cases
]


def test_every_check_has_a_broken_layer():
    assert sorted(BROKEN) == sorted(CHECKS)


@pytest.mark.parametrize(("name", "broken_case"), PAIRS)
def test_check_catches(name, broken_case):
    check = CHECKS[name]
    assert check.applies(broken_case)
    with pytest.raises(CheckFailure) as failure:
        run_check(check, broken_case)
    said = str(failure.value)
    assert said.startswith(f"{broken_case.name}: ")
    assert "the check" not in said, "the check itself crashed"
