"""Checks that pass, or do not apply, where something only looks like a fault."""

import keras
import pytest
import subtle_layers as subtle
from builtin_layers import BUILTINS
from keras import layers

from layergen.testing import CHECKS, CheckFailure, Input, LayerCase, NotApplicable
from layergen.testing.context import Context
from layergen.testing.runner import run_check


def case(layer, *shapes, **stated):
    names = ("x", "keys", "spread")
    return LayerCase(layer, {}, dict(zip(names, shapes, strict=False)), **stated)


def units(layer, shape):
    return LayerCase(layer, {"units": 3}, {"x": shape}, strict=True)


SPREADS = LayerCase(
    subtle.SpreadsInTraining,
    {},
    {"x": (2, 3), "spread": (2, 3)},
    training=True,
    losses=1,
)
SCALED = case(subtle.SingleScale, (2, 3), dtypes={"scale": "float32"})
LARGEST_STEPS = case(subtle.LargestSteps, (2, 5, 3), strict=True)
MIXES = case(subtle.MixesWithEinsum, (2, 5, 3), strict=True)
RESTING = case(subtle.RestingDrop, (2, 3), strict=True)
FILLS, FILLS_NOTHING = (
    LayerCase(one, {"missing": -7.5}, {"x": (2, 3)}, strict=True)
    for one in (subtle.FillsWhatIsMissing, subtle.FillsNothing)
)
FEW = case(subtle.HoldsFew, (3, 2), training=True, states={"count": ()})
SELDOM, NEVER = (
    case(one, (3, 2), training=True, states={"step": (), "moved": ()})
    for one in (subtle.MovesSeldom, subtle.MovesNever)
)
EMBEDS = LayerCase(
    subtle.TakesSomeOfKeras,
    {"input_dim": 5, "output_dim": 3},
    {"x": Input((2, 4), "int32", 0, 4)},
    strict=True,
)
HASHING = LayerCase(
    layers.Hashing, {"num_bins": 3}, {"x": Input((2, 5), "int32")}, gradient=None
)


@pytest.mark.parametrize(
    ("name", "subtle_case"),
    [
        ("everything_gets_a_gradient", case(subtle.TellsTheLargest, (2, 3), (2, 4))),
        ("everything_gets_a_gradient", SPREADS),
        ("everything_gets_a_gradient", case(subtle.Attends, (2, 5, 4))),
        ("gradient_equals_central_differences", SCALED),
        ("second_order_gradient_is_right", SCALED),
        ("variables_have_variable_dtype", SCALED),
        ("fit_lowers_the_loss", SCALED),
        ("draws_anew_in_every_step", case(subtle.RarelyDrops, (2,), training=True)),
        ("graph_draws_anew_in_every_step", case(subtle.RarelyDrops, (2,))),
        ("masks_are_delivered", BUILTINS["Attention"]),
        ("config_survives_json", BUILTINS["StackedRNNCells"]),
        ("cell_states_are_as_stated", BUILTINS["StackedRNNCells"]),
        ("rnn_equals_single_steps", BUILTINS["StackedRNNCells"]),
        ("wrong_rank_is_refused_at_build", units(subtle.Residual, (2, 5, 3))),
        ("wrong_rank_is_refused_at_build", units(subtle.Residual, (2, 3))),
        ("wrong_size_is_refused_on_later_calls", LARGEST_STEPS),
        ("fit_with_xla_lowers_the_loss", case(subtle.HalvesThrice, (2, 3))),
        ("outputs_have_compute_dtype", case(subtle.AlwaysWide, (2, 3))),
        ("global_policy_is_followed", case(subtle.AlwaysWide, (2, 3))),
        ("one_trace_serves_every_batch", case(subtle.KeepsRows, (3, 5))),
        ("wrong_size_is_refused_on_later_calls", MIXES),
        ("sublayers_follow_the_policy", case(subtle.RoutesInFloat32, (2, 3))),
        ("variables_have_variable_dtype", case(subtle.RoutesInFloat32, (2, 3))),
        ("values_are_close_to_float64", case(subtle.RoundsToHalves, (40, 30))),
        ("everything_gets_a_gradient", FILLS),
        ("a_step_updates_every_state", SELDOM),
        ("config_has_every_argument", units(subtle.AsKerasMadeIt, (2, 5))),
        ("config_has_every_argument", EMBEDS),
    ],
)
def test_passes(name, subtle_case):
    assert CHECKS[name].applies(subtle_case)
    run_check(CHECKS[name], subtle_case)


@pytest.mark.parametrize(
    ("name", "subtle_case", "words"),
    [
        ("global_policy_is_followed", HASHING, "computes in int64 by itself"),
        ("outputs_have_compute_dtype", HASHING, "computes in int64 by itself"),
        ("outputs_have_compute_dtype", BUILTINS["MaxPooling3D"], "cannot run"),
        ("everything_gets_a_gradient", BUILTINS["MaxPooling3D"], "cannot run"),
        ("fit_lowers_the_loss", case(subtle.Unscaled, (2, 3)), "with other weights"),
        ("fit_lowers_the_loss", case(layers.ReLU, (2,)), "no axis of features"),
        ("fit_with_xla_lowers_the_loss", case(subtle.Decays, (2, 5, 3)), "`ops.scan`"),
        ("graph_does_not_grow_with_batch", case(subtle.KeepsRows, (3, 5)), "refuses"),
        ("integer_states_are_exact", FEW, "takes no batch of 301"),
        ("draws_anew_in_every_step", RESTING, "draws nothing with these arguments"),
        (
            "graph_draws_anew_in_every_step",
            RESTING,
            "draws nothing with these arguments",
        ),
    ],
)
def test_does_not_apply(name, subtle_case, words):
    assert CHECKS[name].applies(subtle_case)
    with pytest.raises(NotApplicable, match=words):
        run_check(CHECKS[name], subtle_case)


@pytest.mark.parametrize(
    ("name", "subtle_case", "words"),
    [
        (
            "wrong_rank_is_refused_at_build",
            units(subtle.ReadsTheLastAxisButOne, (2, 5, 3)),
            "raises IndexError",
        ),
        (
            "wrong_size_is_refused_on_later_calls",
            case(subtle.WidthUnheld, (2, 5, 3)),
            "built for",
        ),
        (
            "fit_with_xla_lowers_the_loss",
            case(subtle.Halves, (2, 3)),
            "its `maximum_iterations`",
        ),
        ("outputs_have_compute_dtype", case(subtle.WideByTheWay, (2, 3)), "is float32"),
        ("global_policy_is_followed", case(subtle.WideByTheWay, (2, 3)), "is float32"),
        (
            "values_are_close_to_float64",
            case(subtle.RoundsTooSmall, (40, 30)),
            "mixed_float16, output 0 is far",
        ),
        ("everything_gets_a_gradient", FILLS_NOTHING, "`fill` is zero everywhere"),
        (
            "graph_does_not_grow_with_batch",
            case(subtle.LoopsOverFew, (3, 2)),
            "4 times as long",
        ),
        ("a_step_updates_every_state", NEVER, r"nothing in the states \['moved'\]"),
    ],
)
def test_what_is_like_it_still_fails(name, subtle_case, words):
    if keras.backend.backend() == "jax" and subtle_case.layer is subtle.Halves:
        pytest.skip("JAX differentiates no such loop at all")
    with pytest.raises(CheckFailure, match=words):
        run_check(CHECKS[name], subtle_case)


def test_each_layer_gets_arguments_of_its_own():
    given = {"sizes": {"all": [1, 2]}}
    subtle_case = LayerCase(subtle.FillsItsList, given, {"x": (2, 3)})
    context = Context(subtle_case)
    assert [len(context.make.bare().sizes["all"]) for _ in range(2)] == [3, 3]
    assert given == {"sizes": {"all": [1, 2]}}
