"""Which tests a bare `pytest` runs; `pytest --exhaustive` runs them all.

Only the tests of the whole repository are chosen from: who names files or folders gets
everything that is in them. This module alone says what is chosen.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Together these layers use every key of the language; every check is made on them.
WHOLE = {
    *("derived_lists", "imported", "kl_sampling", "lookup", "offset_call"),
    *("own_gradient", "pair_cell", "pooled_neuron_stack", "relu_dense"),
    *("reversed_gradient", "shifted_mask", "swish_dense"),
}
# On the first case of the others: that the layer builds and is called, trains, is saved.
CORE = {"can_be_called", "fit_lowers_the_loss", "keras_file_round_trip"}
EMITTED = ("generated_examples/", "tests/golden/")

# Tests that take long, where others say much of the same in less time: all of a file,
# or those whose names match.
LONG = {
    "tests/layer/test_random_specs.py": "test_renders_to_formatted_python",
    "tests/mutation/test_sample.py": "",
    "tests/project/test_histories.py": r"test_a_broken_guard_is_seen\[.*plan-",
    "tests/project/test_hooks.py": "test_pre_commit_runs_them",
    "tests/project/test_kills.py": r"test_specs_changed_once|test_killed_at_every_step"
    r"\[(?!changed)|test_without_a_record",
    "tests/testing/test_devices.py": "test_a_run_says_where_layers_were_trained",
    "tests/testing/test_hand_written.py": r"test_no_false_alarm\[(?!ConvBN|MLP|OneHot)",
    "tests/testing/test_jax_alone.py": "",
}


class Choice:
    """Tells, test by test, in the order in which they are collected."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.first: dict[tuple[Path, str], Any] = {}

    def takes(self, item: Any) -> bool:
        """Whether a bare run runs a test."""
        file = item.path.relative_to(self.root).as_posix()
        if file in LONG:
            return not re.match(LONG[file], item.name)
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if not {"case", "check"} <= params.keys() or layer_of(file) in WHOLE:
            return True
        if file.startswith(EMITTED):
            key = (item.path, item.originalname)
            if self.first.setdefault(key, params["case"]) is not params["case"]:
                return False
        return params["check"].__name__ in CORE


def layer_of(file: str) -> str:
    """The name of the layer that an emitted test is of; "" for other tests."""
    return Path(file).stem.removeprefix("test_") if file.startswith(EMITTED) else ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--exhaustive",
        action="store_true",
        help="run every test of this repository, not those alone that a bare run chooses",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Run(config), "short-run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """Leaves out; a worker of pytest-xdist does what it was told, and tells how many."""
    worker = getattr(config, "workerinput", None)
    run = config.pluginmanager.get_plugin("short-run")
    if not (worker["short"] if worker else run.short):
        return
    choice = Choice(config.rootpath)
    left_out: list[Any] = []
    taken: list[Any] = []
    for one in items:
        (taken if choice.takes(one) else left_out).append(one)
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
