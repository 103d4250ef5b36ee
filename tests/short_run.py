"""Which tests a bare `pytest` runs; `pytest --exhaustive` runs them all.

Only the tests of the whole repository are chosen from: who names files or folders gets
everything that is in them. With `--dozen`, that is of the emitted tests those alone of a
dozen layers that use the whole language: what every backend is held to, where TensorFlow
alone is held to all. This module alone says what is chosen.

A bare run is to end within four minutes on two cores that do nothing else, which is 400
seconds of both together, the start of TensorFlow in every worker included. It leaves out
by a test's name and its case, never by chance or by time: whoever runs it runs the same.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Together these layers use every key of the language. Every check is made on the first
# case of each, and on their functions.
WHOLE = {
    *("derived_lists", "imported", "joined_scores", "kl_sampling", "lookup"),
    *("methods", "own_gradient", "pair_cell", "pooled_neuron_stack", "relu_dense"),
    *("renamed", "reversed_gradient", "shifted_mask", "swish_dense"),
}
# On the first case of every other layer, and on the other cases of these: that it builds
# and is called, and is saved; of those that are shipped, that it trains as well.
CORE = {"can_be_called", "keras_file_round_trip"}
SHIPPED, GOLDEN = "generated_examples/", "tests/golden/"
SHIPPED_CORE = CORE | {"fit_lowers_the_loss"}

# Of the broken layers of each check the first.
BROKEN = "tests/testing/test_broken_layers.py"

# Tests that take long, where others say much of the same in less time: all of a file,
# or those whose names match. Of what is tried in many ways, some stay.
LONG = {
    "tests/bug_reports/test_bug_reports.py": "test_the_battery|test_the_check_passes"
    r"|test_a_check_names_the_fault\[(?!7-|17-|22-|25-|38-)",
    "tests/cli/test_executes_nothing.py": r"test_nothing_is_executed\[.*-(tagged|data)\]",
    "tests/cli/test_generate.py": "test_the_skipped_test_says_why",
    "tests/cli/test_interrupts.py": r"test_interrupt_at_any_moment"
    r"\[(init|generate|show|lint|list|eject|explain|status)",
    "tests/cli/test_verify.py": r"test_a_module_that_ends_the_process_has_failed"
    r"\[(?!import-sys)"
    r"|test_what_a_module_prints_goes_to_standard_error\[options1"
    "|test_verify_with_standard_error_closed"
    r"|test_a_failure_says_which_option_would_apply_and_it_does\[(?!Straight|Needs)"
    r"|test_what_is_stated_is_held\[(?!Pools)"
    r"|test_nothing_else_is_printed_with_the_table",
    "tests/end_to_end/test_digits.py": "",
    "tests/forward/test_predictions.py": r"test_(nothing|everything|little_is_unknown$)",
    "tests/keras_tables/test_gaps.py": "test_jax$",
    "tests/keras_tests/test_keras_tests.py": "test_what_is_right_passes",
    "tests/layer/test_dtypes.py": r"test_(values|derived_gradients)"
    r"\[.*(float64|mixed_float16)\]",
    "tests/layer/test_functional.py": "test_models_load_where_no_module_is",
    "tests/layer/test_functions.py": r"test_only_the_argument_and_the_result_are_kept"
    r"\[<lambda>",
    "tests/layer/test_hostile_text.py": r"test_a_payload_in_every_field"
    r"\[(?!layer|.*-(a line|three double quotes)\])"
    r"|test_a_text_in_the_file_is_refused_or_inert\[(?!layer|.*[05]\])",
    "tests/layer/test_initializers.py": r"test_no_two_start_alike\[.*functional",
    "tests/layer/test_layout.py": "test_formatters_leave_it_alone"
    r"|test_what_is_generated_fits_its_width\[(?!79)",
    "tests/layer/test_read_shapes.py": r"test_values\[.*mixed_bfloat16",
    "tests/layer/test_random_specs.py": r"test_renders_to_formatted_python"
    r"|test_output_is_clean_for_ruff\[(?!few)",
    "tests/layer/test_uncomputed.py": r"test_what_cannot_be_worked_out\[.*b: a \+ 1",
    "tests/mutation/test_mutants.py": "test_choice_does_not_hang_on_the_hash_seed",
    "tests/mutation/test_sample.py": "",
    "tests/project/test_bootstrapped_project.py": "test_after_init",
    "tests/project/test_histories.py": r"test_a_broken_guard_is_seen\[.*plan-",
    "tests/project/test_hooks.py": "test_pre_commit_runs_them",
    "tests/project/test_init_killed.py": r"test_killed_at_every_step\[(?!neighbours)"
    "|test_without_a_note",
    "tests/project/test_kills.py": r"test_specs_changed_once|test_killed_at_every_step"
    r"\[(?!changed)|test_without_a_record",
    "tests/project/test_origins.py": r"test_every_statement_of_forward_is_found"
    rf"\[(?!{'|'.join(sorted(WHOLE))})",
    "tests/test_short_run.py": "test_a_seed_changes_the_random_examples",
    "tests/testing/test_bad_cases.py": "test_under_pytest_the_other_tests_say"
    r"|test_a_wrong_statement_is_one_failure\[stated0",
    "tests/testing/test_battery.py": "test_the_fresh_process|test_under_pytest"
    "|test_report_of_a_correct_layer|test_what_does_not_apply"
    r"|test_a_check_draws_the_same_in_every_run\w*\[fit",
    "tests/testing/test_devices.py": "test_a_run_says_where_layers_were_trained",
    "tests/testing/test_false_alarms.py": "test_what_is_like_it_still_fails",
    "tests/testing/test_distribution.py": "test_a_right_layer_passes",
    "tests/testing/test_foreign_layers.py": "test_right_layers|test_the_mend",
    "tests/testing/test_hand_written.py": r"test_no_false_alarm\[(?!OneHot)"
    r"|test_names_of_halves|test_a_surrogate_gradient",
    "tests/testing/test_jax_alone.py": "",
    "tests/testing/test_judging.py": "test_under_pytest|test_what_passes"
    "|test_a_known_failure_that_passes|test_what_another",
    "tests/testing/test_torch_alone.py": "",
    "tests/testing/test_mends.py": r"test_the_true_cause_once_with_a_mend_that_works"
    r"\[(?!NoKeywords)|test_the_smallest_input_is_told|test_what_needs_its_sizes"
    "|test_only_what_is_not_registered",
    "tests/unseen/questions/test_questions.py": r"test_asked_for"
    r"\[(?!peephole_cell\])",
    "tests/unseen/test_kinds.py": "test_integers|test_lists|test_cells|test_a_cell",
    "tests/unseen/test_unseen.py": r"test_right\[(?!center_loss\]|half_gate\]"
    r"|wavenet_block\])"
    "|test_a_wrong_layer_is_seen_where_it_is_wrong"
    r"|test_a_spec_with",
}


class Choice:
    """Tells, test by test, in the order in which they are collected."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.first: dict[tuple[Path, str], Any] = {}

    def takes_of_dozen(self, item: Any) -> bool:
        """Whether a run of the dozen runs a test: one of theirs, or none of a layer's."""
        layer = layer_of(item.path.relative_to(self.root).as_posix())
        return not layer or (layer in WHOLE and self._is_of_first_case(item))

    def _is_of_first_case(self, item: Any) -> bool:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if "case" not in params:
            return True
        key = (item.path, item.originalname)
        return self.first.setdefault(key, params["case"]) is params["case"]

    def takes(self, item: Any) -> bool:
        """Whether a bare run runs a test."""
        file = item.path.relative_to(self.root).as_posix()
        if file in LONG:
            return not re.match(LONG[file], item.name)
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if file == BROKEN and "name" in params:
            first = self.first.setdefault((item.path, params["name"]), item.name)
            return bool(first == item.name)
        if not {"case", "check"} <= params.keys():
            return True
        name, layer = params["check"].__name__, layer_of(file)
        if layer:
            is_first = self._is_of_first_case(item)
            if layer in WHOLE:
                return is_first or name in CORE
            if not is_first:
                return False
        return name in (SHIPPED_CORE if file.startswith(SHIPPED) else CORE)


def layer_of(file: str) -> str:
    """The name of the layer that an emitted test is of; "" for other tests."""
    emitted = file.startswith((SHIPPED, GOLDEN))
    return Path(file).stem.removeprefix("test_") if emitted else ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--exhaustive",
        action="store_true",
        help="run every test of this repository, not those alone that a bare run chooses",
    )
    parser.addoption(
        "--dozen",
        action="store_true",
        help="of emitted tests, run those alone of a dozen layers that use the whole language",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Run(config), "short-run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """Leaves out; a worker of pytest-xdist does what it was told, and tells how many."""
    worker = getattr(config, "workerinput", None)
    run = config.pluginmanager.get_plugin("short-run")
    short = worker["short"] if worker else run.short
    dozen = config.getoption("dozen")
    if not (short or dozen):
        return
    choice = Choice(config.rootpath)
    takes = choice.takes_of_dozen if dozen else choice.takes
    left_out: list[Any] = []
    taken: list[Any] = []
    for one in items:
        (taken if takes(one) else left_out).append(one)
    items[:] = taken
    if worker:
        config.workeroutput["left_out"] = [one.nodeid for one in left_out]
    else:
        run.report(left_out)


@dataclass(frozen=True)
class LeftOut:
    """A test that a worker has left out, as far as the run is told of it."""

    nodeid: str


class Run:
    """The run as a whole: whether it is short, and what it says of that."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        bare = config.args_source is pytest.Config.ArgsSource.TESTPATHS
        self.short = bare and not config.getoption("exhaustive")
        self.left_out = 0

    def report(self, left_out: list[Any]) -> None:
        """Counts what was left out once, though every worker tells."""
        if left_out and not self.left_out:
            self.left_out = len(left_out)
            self.config.hook.pytest_deselected(items=left_out)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["short"] = self.short

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        told = getattr(node, "workeroutput", {})
        self.report([LeftOut(one) for one in told.get("left_out", [])])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.left_out:
            terminalreporter.write_line(
                f"{self.left_out} tests were left out: `pytest --exhaustive` runs all, "
                "`pytest PATH` all of a file or folder"
            )
