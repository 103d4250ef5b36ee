"""The battery itself: cases, reports, parametrization, the fresh process."""

import os
import random
import subprocess
import sys
import textwrap

import broken_values as broken
import correct_layers as correct
import correct_stateful as stateful
import numpy as np
import pytest

from layergen.testing import CHECKS, Input, LayerCase, check_layer, fresh
from layergen.testing.registry import checks_for
from layergen.testing.runner import run_check


def test_report_of_a_correct_layer():
    report = check_layer(LayerCase(correct.Affine, {"units": 3}, {"x": (2, 4)}, (2, 3)))
    assert report.ok and report.failures == []
    assert "fit_lowers_the_loss" in report.passed
    assert "mask_is_passed_on" not in report.passed
    report.raise_if_failed()


def test_report_of_a_broken_layer():
    case = LayerCase(broken.TwiceTheBias, {"units": 3}, {"x": (2, 4)}, (2, 5))
    report = check_layer(case)
    (failure,) = report.failures
    assert failure.check == "output_has_stated_shape"
    assert failure.message.startswith("TwiceTheBias: ")
    assert "(2, 5)" in failure.message and "(2, 3)" in failure.message
    assert failure.check not in report.passed
    with pytest.raises(AssertionError, match="output_has_stated_shape"):
        report.raise_if_failed()


def test_what_does_not_apply_is_not_counted_as_passed():
    report = check_layer(LayerCase(correct.MaskedMean, {}, {"x": (2, 4, 3)}))
    assert "no trainable weight" in report.not_applicable["frozen_layer_does_not_move"]
    assert "frozen_layer_does_not_move" not in report.passed


class Draws(correct.Affine):
    """Keeps what its calls draw from generators that others share."""

    drawn: list[tuple[float, float]] = []

    def call(self, x):
        self.drawn.append((random.random(), np.random.random()))
        return super().call(x)


@pytest.mark.parametrize("name", ["can_be_called", "fit_lowers_the_loss"])
def test_a_check_draws_the_same_in_every_run_and_gives_generators_back(name):
    runs = []
    for seed in (1, 2):
        random.seed(seed)
        np.random.seed(seed)
        before = random.getstate(), np.random.get_state()[1].tolist()
        Draws.drawn.clear()
        run_check(CHECKS[name], LayerCase(Draws, {"units": 3}, {"x": (2, 4)}, (2, 3)))
        runs.append([*Draws.drawn])
        assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    assert runs[0] and runs[0] == runs[1]


def test_no_check_draws_what_another_has_drawn():
    drawn = set()
    for name in ("can_be_called", "fit_lowers_the_loss"):
        Draws.drawn.clear()
        run_check(CHECKS[name], LayerCase(Draws, {"units": 3}, {"x": (2, 4)}, (2, 3)))
        drawn.add(Draws.drawn[0][1])
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inputs": {}}, "`inputs`"),
        ({"inputs": {"x": 3}}, "input `x`"),
        ({"layer": 3}, "`layer`"),
        ({"training": False}, "`training`"),
        ({"mask": "keep"}, "`mask`"),
        ({"gradient": "exact"}, "`gradient`"),
        ({"inputs": {"x": None}}, "first input"),
        ({"states": {"mean": 3}}, "state `mean`"),
        ({"losses": True}, "`losses`"),
        ({"call_args": {"x": 3}}, "both inputs and `call_args`"),
    ],
)
def test_wrong_statements_are_refused(changes, words):
    stated = {"layer": correct.Affine, "args": {}, "inputs": {"x": (2, 3)}, **changes}
    with pytest.raises(ValueError, match=words):
        LayerCase(**stated)


def test_inputs_are_in_range_and_repeat():
    spec = Input((3, 4), "int32", 2, 5)
    case = LayerCase(correct.Affine, {}, {"codes": spec, "x": Input((2,), min=1.0)})
    codes, floats = case.sample()
    assert codes.dtype == "int32" and codes.min() == 2 and codes.max() == 5
    assert floats.min() >= 1
    np.testing.assert_array_equal(case.sample()[1], floats)
    assert not np.array_equal(case.sample(attempt=1)[1], floats)


@pytest.mark.parametrize(
    ("stated", "listed", "left_out"),
    [
        ({}, "batch_may_be_unknown", "time_may_be_unknown"),
        ({"unknown": (1,)}, "time_may_be_unknown", "batch_may_be_unknown"),
        ({"gradient": None}, "outputs_are_finite", "fit_lowers_the_loss"),
        ({"mask": "pass"}, "mask_is_passed_on", "mask_is_used_up"),
        ({"training": True}, "training_differs_from_inference", "mask_is_passed_on"),
        ({"rows_independent": False}, "outputs_are_finite", "rows_are_independent"),
    ],
)
def test_only_what_applies_is_listed(stated, listed, left_out):
    case = LayerCase(correct.Affine, {"units": 3}, {"x": (2, 5, 4)}, **stated)
    names = [one.name for one in checks_for(case)]
    assert listed in names and left_out not in names


COUNTING = {"states": {"carry": (2, 5, 4)}}


@pytest.mark.parametrize(
    ("layer", "stated", "listed", "left_out"),
    [
        (correct.Affine, COUNTING, "states_agree_in_graph", "fixed_batch_is_asked_for"),
        (
            correct.Affine,
            {**COUNTING, "unknown": ()},
            "replicas_share_no_state_per_sample",
            "states_agree_across_replicas",
        ),
        (correct.Affine, {"losses": 1}, "losses_reach_fit", "states_are_saved"),
        (
            stateful.Noise,
            {"training": True},
            "inference_draws_nothing",
            "training_equals_inference",
        ),
        (stateful.Noise, {}, "draws_anew_in_every_step", "inference_draws_nothing"),
        (
            stateful.Cell,
            {},
            "rnn_equals_single_steps",
            "wrong_rank_is_refused_at_build",
        ),
        (
            stateful.Cell,
            {"states": {"h": (3,), "c": (4,)}},
            "cell_states_are_as_stated",
            "states_agree_in_graph",
        ),
        (
            correct.Affine,
            {"mask": lambda mask, x: mask},
            "computed_mask_equals_its_function",
            "mask_is_used_up",
        ),
    ],
)
def test_states_randomness_losses_and_cells_are_recognized(
    layer, stated, listed, left_out
):
    case = LayerCase(layer, {"units": 3}, {"x": (2, 5, 4)}, **stated)
    names = [one.name for one in checks_for(case)]
    assert listed in names and left_out not in names


def test_a_left_out_input_is_not_passed():
    case = LayerCase(correct.Mix, {}, {"query": (2, 3), "key": None, "value": (2, 4)})
    assert case.labels == ["query", "value"] and case.shapes == [(2, 3), (2, 4)]
    assert case.pack([1, 2]) == [("query", 1), ("value", 2)]
    assert case.left_out == {"key": None}


def test_labels_are_snake_case():
    labels = {"Conv1D": "conv1d", "SwishDense": "swish_dense", "LSTM": "lstm"}
    for name, label in labels.items():
        assert LayerCase(type(name, (), {}), {}, {"x": (2,)}).label == label


RUN = textwrap.dedent("""
    import keras
    from layergen.testing import LayerCase, parametrize_checks

    CASES = [
        LayerCase(keras.layers.ReLU, {}, {"x": (2, 3)}, (2, 3)),
        LayerCase(keras.layers.ReLU, {}, {"x": (2, 3)}, (2, 4)),
    ]

    @parametrize_checks(CASES)
    def test_contract(case, check):
        check(case)
    """)


def test_under_pytest(tmp_path):
    (tmp_path / "test_relu.py").write_text(RUN)
    chosen = "stated_shape or frozen or finite"
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "no:xdist", "-k", chosen, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
    )
    said = done.stdout
    assert "PASSED test_relu.py::test_contract[re_lu0-output_has_stated_shape]" in said
    assert "FAILED test_relu.py::test_contract[re_lu1-output_has_stated_shape]" in said
    assert "ReLU has no trainable weight" in said
    assert "1 failed" in said


def test_the_fresh_process_is_kept_and_replaced_when_it_dies():
    server = fresh.start()
    assert fresh.start() is server
    assert "error" in server.ask(model="nowhere")
    assert server.alive
    server.stop()
    assert "died" in server.ask(model="nowhere")["error"]
    assert fresh.start() is not server


def test_the_fresh_process_ends_with_its_parent():
    code = "from layergen.testing import fresh; print(fresh.start()._process.pid)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import os; os._exit(0)"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ends(int(done.stdout.split()[-1]))


def ends(pid):
    """Whether a process is gone within some seconds."""
    import time

    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
