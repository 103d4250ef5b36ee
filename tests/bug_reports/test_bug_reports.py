"""Public bug reports, rebuilt: each is named, by `lint` or by a check of `verify`, with a
mend that works; of the mended layers nothing is said."""

import ast
from dataclasses import dataclass
from typing import Any

import keras
import pytest
from reports import HERE, REPORTS, Report

from layergen.lint.check import check_file
from layergen.testing import CHECKS, check_layer
from layergen.testing.observing import observed_case
from layergen.testing.runner import result_of

# What is found in the layer with the fault, and what is said to mend it.
BY_LINT = {
    1: [("LG770", "draw from `keras.random`")],
    2: [("LG743", "`is not None`")],
    3: [("LG740", "-1 in `reshape`")],
    4: [("LG713", "local variable"), ("LG717", "make it in `__init__`")],
    5: [("LG771", "draw from `keras.random`")],
    6: [("LG742", "`ops.concatenate`")],
    7: [("LG781", "`cls(**config)`")],
    8: [("LG722", "`dtype=self.dtype_policy`")],
    10: [("LG714", "compute with tensors")],
    11: [("LG751", "`ops.copy(inputs)`"), ("LGW75", "leave it out")],
    12: [("LG713", "`compute_output_shape` is given the shape")],
    13: [("LG704", '"capsules": self.capsules'), ("LG704", '"size": self.size')],
    14: [("LG760", "what the call of the layer returns")],
    15: [("LG720", "`self.denses.build(...)` in `build`")],
    17: [("LG785", "read what holds it")],
    18: [("LG783", "`**kwargs`")],
    21: [("LG780", "leave it out")],
    23: [("LG784", "make a weight with `trainable=False`")],
    24: [("LG782", "keep the argument as it is given")],
    25: [("LG719", "compute with the value itself")],
    27: [("LG711", '`name="matrix"`')],
    28: [("LG715", "`.clone()`")],
    30: [("LG709", "another name")],
    31: [("LG714", "`self.add_weight(...)`")],
    33: [("LGW79", "draw before it")],
    34: [("LG761", "`len(input_shape)`")],
    35: [("LG703", "`super().__init__(**kwargs)`")],
    36: [("LG708", "another name"), ("LG760", "`compute_output_shape`")],
    37: [("LGW78", "use it")],
    39: [("LG704", '"num_layers": self.num_layers')],
}


@dataclass(frozen=True)
class Told:
    """The check that names a fault, and words of its message."""

    number: int
    check: str
    words: tuple[str, ...]


BY_VERIFY = [
    Told(2, "can_be_called", ("in call: if self.bias", "`is not None`")),
    Told(3, "batch_may_be_unknown", ("`ops.shape(x)[0]`",)),
    Told(5, "generator_is_tracked", ("keras.random.SeedGenerator",)),
    Told(6, "can_be_called", ("in call: outputs[:, 0]", "`ops.concatenate`")),
    Told(7, "config_survives_json", ("`from_config` does not hand `threshold` on",)),
    Told(8, "outputs_have_compute_dtype", ("`dtype=self.dtype_policy`",)),
    Told(10, "symbolic_call_agrees_with_eager", ("compute with tensors",)),
    Told(13, "config_has_every_argument", ("'capsules', 'size'",)),
    Told(14, "can_be_called", ("no `get_output_at`", "the call of the layer returns")),
    Told(15, "build_creates_every_weight", ("In `build`: `for inner in",)),
    Told(17, "can_be_called", ("Nothing sets `self.output_dim`",)),
    Told(18, "can_be_called", ("`super().__init__(**kwargs)`",)),
    Told(22, "masks_fit_their_outputs", ("Override `compute_mask`", "None")),
    Told(25, "calls_leave_trained_weights", ("self.layer.kernel.assign",)),
    Told(26, "cell_states_are_as_stated", ("`get_initial_state`", "compute_dtype")),
    Told(30, "weights_file_round_trip", ("`self._layers`", "another name")),
    Told(31, "every_variable_is_tracked", ("`self.add_weight`",)),
    Told(32, "outputs_have_compute_dtype", ("`ops.ones`", "`dtype=inputs.dtype`")),
    Told(35, "can_be_called", ("`super().__init__(**kwargs)`",)),
    Told(38, "compute_output_shape_agrees", ("Correct `compute_output_shape`",)),
    Told(39, "config_has_every_argument", ("num_layers",)),
    Told(29, "everything_gets_a_gradient", ("`adjacency`", "Use it in `call`")),
]
BY_NUMBER = {one.number: one for one in REPORTS}
IDS = [f"{one.number}-{one.broken.__name__}" for one in REPORTS]


def found(layer: type) -> list[tuple[str, str]]:
    """The codes and hints of what `lint` finds in a class."""
    path = HERE / f"{layer.__module__}.py"
    [node] = [
        one
        for one in ast.parse(path.read_text("utf-8")).body
        if isinstance(one, ast.ClassDef) and one.name == layer.__name__
    ]
    lines = range(node.lineno, (node.end_lineno or 0) + 1)
    problems = check_file(path)
    return [(p.code, p.hint) for p in problems if p.place.line in lines]


def case_of(report: Report, layer: Any) -> Any:
    args = (
        {"layer": keras.layers.Dense(4)}
        if issubclass(layer, keras.layers.Wrapper)
        else report.args
    )
    inputs = None if hasattr(layer, "get_initial_state") else {"inputs": report.shape}
    return observed_case(layer, args, inputs, **report.stated)


def test_every_report_is_of_the_list_and_named() -> None:
    listed = (HERE / "README.md").read_text("utf-8")
    assert all(f"| {number} | " in listed for number in BY_NUMBER)
    assert len(REPORTS) > 20
    assert {*BY_LINT} | {one.number for one in BY_VERIFY} == {*BY_NUMBER}


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_lint_names_the_fault_and_nothing_else(report: Report) -> None:
    told, seen = BY_LINT.get(report.number, []), found(report.broken)
    assert {code for code, _ in seen} == {code for code, _ in told}
    for code, words in told:
        assert any(code == one and words in hint for one, hint in seen), seen


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_lint_says_nothing_of_the_mended(report: Report) -> None:
    assert found(report.mended) == []


@pytest.mark.parametrize(
    "told", BY_VERIFY, ids=[f"{t.number}-{t.check}" for t in BY_VERIFY]
)
def test_a_check_names_the_fault(told: Told) -> None:
    report = BY_NUMBER[told.number]
    result = result_of(CHECKS[told.check], case_of(report, report.broken))
    assert result.outcome == "failed"
    assert [words for words in told.words if words not in result.message] == []


@pytest.mark.parametrize(
    "told", BY_VERIFY, ids=[f"{t.number}-{t.check}" for t in BY_VERIFY]
)
def test_the_check_passes_the_mended(told: Told) -> None:
    report = BY_NUMBER[told.number]
    result = result_of(CHECKS[told.check], case_of(report, report.mended))
    assert result.outcome in ("passed", "not applicable"), result.message


@pytest.mark.parametrize("report", REPORTS, ids=IDS)
def test_the_battery_says_nothing_of_the_mended(report: Report) -> None:
    check_layer(case_of(report, report.mended)).raise_if_failed()
