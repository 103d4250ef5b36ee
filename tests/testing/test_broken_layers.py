"""Every check catches at least two layers, broken in different ways, and says how."""

import importlib

import keras
import pytest

from layergen.testing import CHECKS, CheckFailure, NotApplicable
from layergen.testing.runner import run_check

GROUPS = [
    *("shapes", "values", "gradients", "configs", "refusals", "saving", "running"),
    *("training", "states", "randomness", "masks", "losses", "cells", "quietly"),
    *("effects", "distribution", "methods", "scalars"),
]
TABLES = [importlib.import_module(f"broken_{group}").BROKEN for group in GROUPS]
BROKEN = {
    name: [one for table in TABLES for one in table.get(name, [])]
    for name in dict.fromkeys(name for table in TABLES for name in table)
}
CAUGHT = [
    pytest.param(name, case, words, id=f"{name}-{case.name}")
    for name, found in BROKEN.items()
    for case, words in found
]


def test_every_check_has_two_broken_layers():
    assert sorted(BROKEN) == sorted(CHECKS)
    for name, found in BROKEN.items():
        assert len({case.layer for case, _ in found}) >= 2, name


# Layers that are broken on TensorFlow alone, by why they are not on another backend.
ELSEWHERE = {
    **dict.fromkeys(
        [
            *("OtherInGraph", "AddsEagerly", "UpdatesEagerly", "CountsTwiceInGraphs"),
            "NothingInGraphs",
        ],
        "it asks TensorFlow whether a graph is being traced",
    ),
    **dict.fromkeys(
        ["NanGradient", "RootOfZero", "RootOfOutput"],
        "its relu sends zero back, whatever comes in",
    ),
    "ScalesByWidth": "it is called with a size in place of None",
}
SIZED, BETWEEN = ELSEWHERE["ScalesByWidth"], "what no graph captures runs between them"
RIGHT = {
    "jax": {**ELSEWHERE, "RawVariable": "its variable is TensorFlow's"},
    "torch": {
        **ELSEWHERE,
        "batch_may_be_unknown-ReadsNothing": SIZED,
        "batch_may_be_unknown-StaticBatch": SIZED,
        "one_trace_serves_every_batch-StaticBatch": "a size is read when the graph runs",
        "time_may_be_unknown-CountsSteps": SIZED,
        "UnsummedBias": "a gradient is summed to its argument's shape",
        "Float32Gradient": "a gradient is cast to its argument's dtype",
        "PythonInside": "its function is TensorFlow's",
        "CountsByNumpy": "its function is TensorFlow's",
        "graph_agrees_with_eager-NumpyInside": BETWEEN,
        "CountsInPython": BETWEEN,
        "graph_draws_anew_in_every_step-NumpyNoise": BETWEEN,
        "AddsAPythonNumber": BETWEEN,
        "one_trace_serves_every_number-LooksAtIt": BETWEEN,
        "one_trace_serves_every_number-BranchesOnIt": BETWEEN,
        "one_trace_serves_every_number-NothingTraced": BETWEEN,
    },
}
ON_JAX_ALONE = [name for name, one in CHECKS.items() if one.group == "devices"]


@pytest.mark.parametrize(("name", "case", "words"), CAUGHT)
def test_check_catches(name, case, words):
    backend = keras.backend.backend()
    right, elsewhere = RIGHT.get(backend, {}), backend != "tensorflow"
    for key in (case.name, f"{name}-{case.name}"):
        if key in right:
            pytest.skip(f"right on {backend}: {right[key]}")
    check = CHECKS[name]
    assert check.applies(case)
    try:
        with pytest.raises(CheckFailure) as failure:
            run_check(check, case)
    except NotApplicable as lacking:
        if not elsewhere and name not in ON_JAX_ALONE:
            raise
        pytest.skip(str(lacking))
    said = str(failure.value)
    assert said.startswith(f"{case.name}: ")
    assert "the check" not in said, "the check itself crashed"
    # The words are TensorFlow's where the fault shows in an error of the backend.
    assert elsewhere or words in said
    assert "\n" in said, "no hint"
