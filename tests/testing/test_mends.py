"""A fault is told of once, by its cause, with a mend that works on the layer at hand."""

import misled
import misled_too as too
import pytest

from layergen.testing import Input, check_layer
from layergen.testing.observing import observed_case

FLAT, STEPS = (3, 8), (3, 5, 8)
TOKENS = Input((3, 5), "int32", 0, 3)
# Draws at inference as in training.
ALWAYS = {"random": True, "training": None}
TOLD = [
    (
        *(misled.ScratchList, misled.LocalList, STEPS, {}, "no_tensor_is_kept"),
        *("use a local variable", "weight"),
    ),
    (
        *(misled.UnbuiltList, misled.BuiltList, FLAT, {}, "build_creates_every_weight"),
        *("for inner in self.hidden: inner.build(shape)", "self.hidden.build"),
    ),
    (
        *(misled.InnerInConfig, misled.InnerLeftOut, FLAT, {}, "config_survives_json"),
        *("leave it out of the config", "Return it from"),
    ),
    (
        *(misled.NoKeywords, misled.Keywords, FLAT, {}, "config_survives_json"),
        *("super().__init__(**kwargs)", "register_keras_serializable"),
    ),
    (
        *(misled.Rounds, misled.StraightThrough, FLAT, {"gradient": "surrogate"}),
        *("everything_gets_a_gradient", "`ops.round` (line", "no output depends"),
    ),
    (
        *(misled.TakesTheLargest, misled.Weighs, FLAT, {}),
        *("everything_gets_a_gradient", "`ops.softmax` in its place"),
        "inside a graph",
    ),
    (
        *(
            misled.Assigns,
            misled.UsesTheValue,
            FLAT,
            {},
            "calls_leave_trained_weights",
        ),
        *("compute with the value", "may mix axis 0"),
    ),
    (
        *(misled.Float32Sublayers, misled.SublayersOfThePolicy, FLAT, {}),
        *("sublayers_follow_the_policy", "dtype=self.dtype_policy", "custom gradient"),
    ),
    (
        *(
            misled.DrawsByNumpy,
            misled.DrawsFromItsOwn,
            FLAT,
            ALWAYS,
            "equal_calls_agree",
        ),
        *("`np.random.standard_normal` (line", "ops.squeeze"),
    ),
    (
        *(misled.DrawsWithoutSeed, misled.DrawsFromItsOwn, FLAT, ALWAYS),
        *("equal_calls_agree", "seed=self.seed_generator", "keep no tensor"),
    ),
    (
        *(misled.KerasOwnName, misled.NameOfItsOwn, FLAT, {}),
        *("weights_file_round_trip", "take another name", "no `hash`"),
    ),
    (
        *(misled.KeepsATensorOfAWeight, misled.ComputesItInCall, FLAT, {}),
        *("no_tensor_is_kept", "compute it in `call`", "no output depends"),
    ),
    (
        *(misled.SublayerInABox, misled.SublayerAsAttribute, FLAT, {}),
        *("every_variable_is_tracked", "Keep it as an attribute", "in float32"),
    ),
    (
        *(misled.RangeInFloat32, misled.RangeInItsDtype, STEPS, {}),
        *("outputs_have_compute_dtype", "`dtype=x.dtype`", "Correct `build`"),
    ),
    (
        *(misled.OneHotInFloat32, misled.OneHotInItsDtype, TOKENS, {}),
        *("outputs_have_compute_dtype", "`dtype=self.compute_dtype`", "sublayer"),
    ),
    (
        *(misled.ScansAssociatively, misled.ScansStepByStep, STEPS, {}),
        *(
            "symbolic_call_agrees_with_eager",
            "by `keras.layers.RNN`",
            "ops.shape(x)[1]",
        ),
    ),
    (
        *(misled.PoolsTime, misled.PoolsTimeAndMask, STEPS, {"mask": "stop"}),
        *("mask_is_supported", "Let `compute_mask` return None", "Correct"),
    ),
    (
        *(misled.AsksAValue, misled.SelectsByValue, FLAT, {"rows_independent": False}),
        *("symbolic_call_agrees_with_eager", "with `ops.where`", "AutoGraph"),
    ),
    (
        *(misled.OwnSizeOfTheBatch, misled.AnySizeOfTheBatch, STEPS, {}),
        *("batch_may_be_unknown", "`ops.shape(x)[0]`", "automatically infer"),
    ),
    (
        *(too.InPlaceOfCall, too.Calls, FLAT, {}, "can_be_called"),
        *("Name it `call`, and leave it to Keras", "get_config"),
    ),
    (
        *(too.ForwardForCall, too.Calls, FLAT, {}, "can_be_called"),
        *("Name it `call`", "Correct `build`"),
    ),
    (
        *(too.NoCall, too.Calls, FLAT, {}, "can_be_called"),
        *("there is no `call`", "Correct `build`"),
    ),
    (
        *(too.MethodInConfig, too.ArgumentInConfig, FLAT, {}, "config_survives_json"),
        *("Return what the constructor was given", "Return plain numbers"),
    ),
    (
        *(too.LambdaInConfig, too.NoneInConfig, FLAT, {}, "config_survives_json"),
        *("Return what the constructor was given", "create every weight"),
    ),
    (
        *(too.UncalledConfig, too.Calls, FLAT, {}, "config_has_every_argument"),
        *("call it, by `()`", "serialized where it is an object"),
    ),
    (
        *(too.ComparesAWeight, too.WeighsByADifference, FLAT, {}),
        *("everything_gets_a_gradient", "`x > self.bound` (line", "through NumPy"),
    ),
    (
        *(too.ComparesItByAnotherName, too.WeighsByADifference, FLAT, {}),
        *("everything_gets_a_gradient", "A comparison lets none", "through NumPy"),
    ),
    (
        *(too.SoftmaxOfMinusInfinity, too.SoftmaxOfNumbers, STEPS, {}),
        *("fully_masked_row_has_values", "`ops.where(mask, scores, -3e4)`", "float64"),
    ),
    (
        *(too.HiddenUnitsAlike, too.HiddenUnitsApart, FLAT, {}, "weights_begin_apart"),
        *("Begin with random values", "initializer.clone()"),
    ),
    (
        *(too.SharesAnInitializer, too.ClonesTheInitializer, FLAT, {}),
        *("weights_begin_apart", "`initializer.clone()`", "Begin with random values"),
    ),
]


@pytest.mark.parametrize(
    ("broken", "mended", "inputs", "stated", "check", "mend", "wrong"),
    TOLD,
    ids=[one[0].__name__ for one in TOLD],
)
def test_the_true_cause_once_with_a_mend_that_works(
    broken, mended, inputs, stated, check, mend, wrong
):
    name = "tokens" if inputs is TOKENS else "x"
    report = check_layer(observed_case(broken, {}, {name: inputs}, **stated))
    (failure,) = report.failures
    assert failure.check == check, str(report)
    assert mend in failure.message
    assert wrong not in failure.message
    for noise in ("in user code:", 'File "', "[Op:", "array(["):
        assert noise not in failure.message
    assert {*report.stopped.values()} <= {check}
    check_layer(observed_case(mended, {}, {name: inputs}, **stated)).raise_if_failed()


@pytest.mark.parametrize("right", [too.GoesOn, too.ZeroGate, too.ClonesOneOfThem])
def test_what_is_like_it_and_right_is_left_alone(right):
    check_layer(observed_case(right, {}, {"x": FLAT})).raise_if_failed()


def test_a_layer_without_call_needs_no_inputs_to_be_told_of():
    for broken in (too.InPlaceOfCall, too.ForwardForCall, too.NoCall):
        (failure,) = check_layer(observed_case(broken, {})).failures
        assert failure.check == "can_be_called"
        assert "`call`" in failure.message


def test_only_what_is_not_registered_is_told_to_be():
    report = check_layer(observed_case(misled.Unregistered, {}, {"x": FLAT}))
    (failure,) = report.failures
    assert failure.check == "loads_in_fresh_process"
    assert "register_keras_serializable(package=...)" in failure.message


@pytest.mark.parametrize(
    ("layer", "inputs", "shown"),
    [
        (misled.Rounds, FLAT, "x (1, 8)"),
        (misled.DrawsByNumpy, FLAT, "x (1, 2)"),
        (misled.OwnSizeOfTheBatch, STEPS, "x (1, 2, 2)"),
        (misled.RangeInFloat32, STEPS, "x (1, 2, 2)"),
        (misled.MixesSamples, FLAT, "x (2, 2)"),
    ],
)
def test_the_smallest_input_is_told(layer, inputs, shown):
    (failure,) = check_layer(observed_case(layer, {}, {"x": inputs})).failures
    assert f"\nThe smallest input that shows it: {shown}." in failure.message


def test_what_needs_its_sizes_is_told_of_as_it_is():
    (failure,) = check_layer(
        observed_case(misled.MixesSamples, {}, {"x": (2, 2)})
    ).failures
    assert "smallest" not in failure.message
    stated = observed_case(misled.Rounds, {}, {"x": FLAT}, outputs=FLAT)
    (failure,) = check_layer(stated).failures
    assert "smallest" not in failure.message
