"""Bad input to the battery: one clear failure, never a stack of unrelated ones."""

import os
import subprocess
import sys
import textwrap

import bad_cases as bad
import correct_layers as correct
import correct_stateful as stateful
import numpy as np
import pytest
from keras import layers

from layergen.testing import CHECKS, Input, LayerCase, check_layer


def case(layer, inputs=(2, 3), args=None, **stated):
    inputs = inputs if isinstance(inputs, dict) else {"x": inputs}
    return LayerCase(layer, {"units": 7} if args is None else args, inputs, **stated)


def dense():
    return layers.Dense(3)


CANNOT_BE_CALLED = [
    (case(bad.NoLayer), ["no `keras.layers.Layer`"]),
    (case(int, args={}), ["no `keras.layers.Layer`"]),
    (case(bad.no_model), ["gives 7", "no layer"]),
    (case(bad.LooksLikeACell, (2, 5, 3)), ["`states`", "`state_size`"]),
    (case(bad.ForgetsSuper), ["you forgot to call", "super().__init__"]),
    (case(bad.CrashesInInit), ["constructing CrashesInInit(units=7)", "such setting"]),
    (case(bad.CrashesInBuild), ["calling the layer on", "no kernel today"]),
    (case(bad.CrashesInCall), ["calling the layer on", "'offset'"]),
    (case(bad.ReturnsNothing), ["`call` returns nothing"]),
    (case(bad.ReturnsText), ["`call` returns 'done'", "no tensor"]),
    (case(correct.Affine, (2,)), ["inputs of shape (2,)", "min_ndim=2"]),
    (case(correct.Affine, args={"units": "many"}), ["units='many'"]),
    (case(correct.Affine, args={}), ["constructing Affine()", "'units'"]),
    (case(correct.Affine, args={"unit": 7}), ["`unit`. Did you mean `units`?"]),
    (
        case(dense, args={"units": 7}),
        ["constructing dense(units=7)", "The constructor has no argument `units`"],
    ),
    (
        case(correct.Mix, {"query": (2, 5, 3), "valu": (2, 7, 4)}),
        ["no parameter `valu`", "Did you mean `value`?"],
    ),
    (
        case(stateful.Meets, {"query": (2, 5, 3), "value": (2, 7, 4)}, {}),
        ["of shape (2, 5, 3), (2, 7, 4)", "do not fit"],
    ),
    (
        case(correct.Affine, call_args={"temperature": 1.0}),
        ["no parameter `temperature`", "it has ['x']"],
    ),
    (
        case(correct.Shifted, args={}, scalars={"star": (1, 2)}),
        ["no parameter `star`", "Did you mean `start`?"],
    ),
    (
        case(layers.Embedding, Input((2, 5), "int32", 9, 3), {"input_dim": 9}),
        ["constructing Embedding(input_dim=9)", "'output_dim'"],
    ),
    (case(correct.Affine, Input((2, 3), "int32", 9, 3)), ["drawing the case's inputs"]),
    (case(correct.Affine, np.array([["a", "b"]])), ["calling the layer"]),
]


@pytest.mark.parametrize(
    ("bad_case", "words"),
    CANNOT_BE_CALLED,
    ids=[f"{number}-{one.name}" for number, (one, _) in enumerate(CANNOT_BE_CALLED)],
)
def test_one_failure_says_all(bad_case, words):
    report = check_layer(bad_case)
    (failure,) = report.failures
    assert failure.check == "can_be_called"
    assert report.passed == []
    assert report.not_applicable == {}
    for word in words:
        assert word in failure.message
    assert failure.message.startswith(f"{bad_case.name}: ")
    assert failure.message.count("\n") >= 1, "no hint"


@pytest.mark.parametrize(
    ("stated", "check", "words"),
    [
        ({"outputs": (2, 7, 1)}, "output_has_stated_shape", "(2, 7, 1)"),
        ({"outputs": ((2, 7), (2, 7))}, "output_has_stated_shape", "[(2, 7)]"),
        ({"weights": {"kernel": (7, 3)}}, "weights_are_as_stated", "(7, 3)"),
        ({"states": {"mean": (3,)}}, "states_are_as_stated", "['mean']"),
        ({"losses": 1}, "call_adds_stated_losses", "0 losses"),
        ({"training": True}, "training_differs_from_inference", "training"),
    ],
)
def test_a_wrong_statement_is_one_failure(stated, check, words):
    report = check_layer(case(correct.Affine, gradient=None, **stated))
    assert [one.check for one in report.failures] == [check]
    assert words in report.failures[0].message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"layer": layers.Dense(3)}, "the class `Dense` itself"),
        ({"inputs": (2, 3)}, "`inputs` must be a dict"),
        ({"inputs": {"x": (None, 3)}}, "`unknown`"),
        ({"inputs": {"x": Input((2, None))}}, "`unknown`"),
        ({"args": [7]}, "`args` must be a dict"),
        ({"scalars": {"start": ()}}, "`scalars` must give numbers for `start`"),
        ({"scalars": {"start": (True,)}}, "`scalars` must give numbers for `start`"),
        ({"scalars": ["start"]}, "`scalars` must be a dict"),
        (
            {"methods": {"decode": (2, 3)}},
            "`methods` must give a `Method` for `decode`",
        ),
        ({"methods": ["decode"]}, "`methods` must be a dict"),
        ({"outputs": 7}, "`outputs`"),
        ({"outputs": (None, 7)}, "`outputs`"),
        ({"weights": ["kernel"]}, "`weights` must be a dict"),
        ({"weights": {"kernel": 7}}, "weight `kernel`"),
        ({"unknown": 0}, "`unknown` must be a tuple"),
        ({"zero_gradient": "bias"}, "`zero_gradient` must be a tuple"),
    ],
)
def test_a_statement_of_another_kind_is_refused(changes, words):
    stated = {"layer": correct.Affine, "args": {}, "inputs": {"x": (2, 3)}, **changes}
    with pytest.raises(ValueError, match=words):
        LayerCase(**stated)


RUN = textwrap.dedent("""
    import keras
    from layergen.testing import LayerCase, parametrize_checks

    class Crashes(keras.layers.Layer):
        def call(self, x):
            raise RuntimeError("no luck")

    @parametrize_checks([LayerCase(Crashes, {}, {"x": (2, 3)}, (2, 3))])
    def test_contract(case, check):
        check(case)
    """)


def test_under_pytest_the_other_tests_say_that_they_did_not_run(tmp_path):
    (tmp_path / "test_crashes.py").write_text(RUN)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-p"]
        + ["no:xdist", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
    )
    said = done.stdout
    assert "FAILED test_crashes.py::test_contract[crashes0-can_be_called]" in said
    assert "1 failed" in said and " passed" not in said.splitlines()[-1]
    assert "not run, for can_be_called failed" in said
    assert done.returncode == 1


def test_it_is_the_first_check():
    assert next(iter(CHECKS)) == "can_be_called"
