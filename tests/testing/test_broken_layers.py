"""Every check catches a layer that is broken in the one way it guards against."""

import broken_layers as broken
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


def affine(x, kernel, bias, scale, **_):
    return np.tanh(scale * x @ kernel + bias)


def dense(units, **_):
    return keras.layers.Dense(units, activation="tanh")


def straight_through(x, kernel, bias, upstream, **_):
    return {"bias": upstream.sum(0), "kernel": x.T @ upstream}


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
    "clones_share_nothing": [
        case(broken.LiveObjects, args={"inner": keras.layers.Dense(2)}),
        case(broken.SharedInitializer),
    ],
    "initializer_takes_effect": [case(broken.IgnoresInitializer)],
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
    "loads_in_fresh_process": [case(broken.Unregistered)],
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
    "inference_changes_no_weight": [case(broken.MovesAlways)],
    "mask_is_passed_on": [
        sequence(broken.DropsMask, mask="pass"),
        sequence(broken.InvertsMask, mask="pass"),
    ],
    "mask_is_used_up": [mean(broken.KeepsMask, mask="stop")],
    "mask_is_supported": [mean(broken.Unsupporting, mask="stop")],
    "masked_steps_do_not_count": [mean(broken.IgnoresMask, mask="stop")],
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
