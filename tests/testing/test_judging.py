"""One cause, one finding; what is known to fail; and what waits for what."""

import os
import subprocess
import sys
import textwrap

import correct_layers as correct
import misled
import pytest

from layergen.testing import CHECKS, LayerCase, check_layer, parametrize_checks
from layergen.testing.gates import GATES, gates_of
from layergen.testing.runner import results_of

KNOWN = {"config_survives_json": "it takes no keywords"}


def no_keywords(**stated):
    return LayerCase(misled.NoKeywords, {}, {"x": (2, 3)}, **stated)


def chosen(*names):
    return [CHECKS[name] for name in names]


def outcomes(case, *names):
    found = results_of(case, chosen(*names))
    return {one.check: (one.outcome, one.by) for one in found}


def test_gates_and_what_waits_are_checks_or_groups():
    groups = {one.group for one in CHECKS.values()}
    for gate, waiting in GATES.items():
        assert {gate, *waiting} <= {*CHECKS, *groups}


def test_no_check_waits_for_itself():
    for one in CHECKS.values():
        seen, left = set(), [*gates_of(one)]
        while left:
            gate = left.pop()
            seen.add(gate.name)
            left += [two for two in gates_of(gate) if two.name not in seen]
        assert one.name not in seen


def test_what_another_brings_about_is_stopped_by_it():
    report = check_layer(no_keywords())
    (failure,) = report.failures
    assert failure.check == "config_survives_json"
    assert "keras_file_round_trip" in failure.stops
    assert "outputs_have_compute_dtype" in failure.stops  # Waits for none, fails alike.
    assert {*report.stopped} == {*failure.stops}
    assert f"stops: {', '.join(failure.stops)}" in str(report)
    assert f" 1 failed, {len(failure.stops)} stopped, " in str(report)


def test_what_passes_is_stopped_by_nothing():
    report = check_layer(LayerCase(misled.DrawsByNumpy, {}, {"x": (2, 3)}))
    (failure,) = report.failures
    assert failure.check == "equal_calls_agree"
    assert "config_survives_json" in report.passed
    assert "float_output_has_compute_dtype" not in report.stopped


def test_only_a_check_that_is_asked_for_stops_others():
    names = ("keras_file_round_trip", "loads_in_fresh_process")
    found = outcomes(no_keywords(), *names)
    assert found == {
        "keras_file_round_trip": ("failed", ""),
        "loads_in_fresh_process": ("stopped", "keras_file_round_trip"),
    }


def test_a_known_failure_is_told_apart_and_stops_what_it_stops():
    report = check_layer(no_keywords(expected_failures=KNOWN))
    assert report.ok and report.known == KNOWN
    assert report.stopped["keras_file_round_trip"] == "config_survives_json"
    assert ", 1 known, " in str(report)


def test_a_known_failure_that_passes_is_an_error():
    case = LayerCase(misled.Keywords, {}, {"x": (2, 3)}, expected_failures=KNOWN)
    (failure,) = check_layer(case).failures
    assert failure.check == "config_survives_json"
    assert "it passes, and is expected to fail: it takes no keywords" in failure.message


def test_a_known_failure_of_what_is_no_check_is_refused():
    case = no_keywords(expected_failures={"config_survive_json": "who knows"})
    for run in (check_layer, lambda one: parametrize_checks([one])):
        with pytest.raises(ValueError, match="Did you mean `config_survives_json`"):
            run(case)


@pytest.mark.parametrize("reason", ["", "  ", None, 3])
def test_a_known_failure_needs_a_reason(reason):
    with pytest.raises(ValueError, match="a reason for 'config_survives_json'"):
        no_keywords(expected_failures={"config_survives_json": reason})


def test_a_known_failure_that_does_not_apply_is_none():
    known = {"mask_is_passed_on": "there is no mask"}
    case = LayerCase(correct.Affine, {"units": 3}, {"x": (2, 4)})
    assert "mask_is_passed_on" not in outcomes(case, *known)


RUN = textwrap.dedent("""
    from layergen.testing import LayerCase, parametrize_checks
    from misled import Keywords, NoKeywords

    KNOWN = {"config_survives_json": "it takes no keywords"}
    FLAT = {"x": (2, 3)}
    CASES = [
        LayerCase(NoKeywords, {}, FLAT),
        LayerCase(NoKeywords, {}, FLAT, expected_failures=KNOWN),
        LayerCase(Keywords, {}, FLAT, expected_failures=KNOWN),
    ]

    @parametrize_checks(CASES)
    def test_contract(case, check):
        check(case)
    """)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            "(survives_json or keras_file or clones) and keywords0",
            [
                "1 failed, 2 skipped",
                "FAILED test_it.py::test_contract[no_keywords0-con",
            ],
        ),
        # What would stop them is left out: one of them tells of it.
        (
            "(keras_file or clones) and keywords0",
            ["1 failed, 1 skipped", "for the same cause as config_survives_json"],
        ),
        (
            "(survives_json or keras_file or clones) and keywords1",
            ["2 skipped", "1 xfailed", "it takes no keywords"],
        ),
        (
            "(survives_json or keras_file or clones) and keywords2",
            ["1 failed, 2 passed", "it passes, and is expected to fail"],
        ),
    ],
)
def test_under_pytest(tmp_path, wanted, words):
    (tmp_path / "test_it.py").write_text(RUN)
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "no:xdist", "-k", wanted, str(tmp_path)],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([os.path.dirname(__file__), *sys.path]),
        },
        capture_output=True,
        text=True,
    )
    for one in words:
        assert one in done.stdout, done.stdout
