"""The run of Keras' own tests, on a few of its modules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / "benchmarks" / "keras_tests"
MODULES = [
    "activations.elu_test",
    "activations.leaky_relu_test",
    "activations.relu_test",
    "core.identity_test",
    "reshaping.permute_test",
]
# Each breaks a layer in one place, with a test that sees it.
BROKEN = {
    "re_lu.yaml": (
        "x > threshold",
        "x >= threshold",
        "test_threshold_relu_correctness",
    ),
    "permute.yaml": ("(0, *dims)", "(0, *dims[::-1])", "test_permute_dense"),
}


def test_what_is_right_passes_and_what_is_broken_fails(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    shutil.copytree(RUN / "specs", specs)
    for name, (right, wrong, _) in BROKEN.items():
        text = (specs / name).read_text("utf-8")
        assert right in text
        (specs / name).write_text(text.replace(right, wrong), "utf-8")
    (specs / "leaky_re_lu.yaml").unlink()
    done = subprocess.run(
        [sys.executable, RUN, *MODULES, "--specs", specs, "--jobs", "2"],
        env={**os.environ, "KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 1
    counts = {line for line in done.stdout.splitlines() if line.endswith(" pass")}
    assert counts >= {
        "activations.elu_test: 3 of 3 pass",
        "activations.relu_test: 14 of 15 pass",
        "core.identity_test: 1 of 1 pass",
    }
    for _, _, name in BROKEN.values():
        assert f": {name}: AssertionError: " in done.stderr
    # Where there is no layer, no test passes.
    assert "activations.leaky_relu_test: 0 of 1 pass" in counts
    assert "activations.leaky_relu_test: the module: " in done.stderr


def test_the_lists_are_of_what_there_is() -> None:
    sys.path.insert(0, str(RUN.parent))
    from keras_tests.drawn import DRAWN
    from keras_tests.forms import FORMS
    from keras_tests.not_applicable import NOT_APPLICABLE
    from keras_tests.run import test_file
    from keras_tests.shortcomings import SHORTCOMINGS

    assert {*NOT_APPLICABLE, *SHORTCOMINGS} <= {*DRAWN}
    assert {*FORMS} <= {name for names in DRAWN.values() for name in names}
    for module, names in NOT_APPLICABLE.items():
        text = test_file(module).read_text("utf-8")
        for name in names:
            known = f"def {name}(" in text or any(
                f"def {name.rpartition(end)[0]}(" in text
                for end in ("_sparse", "_dense")
            )
            assert known, name


@pytest.mark.parametrize("folder", [RUN / "specs"])
def test_every_spec_is_without_problems(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "layergen", "lint", *sorted(folder.glob("*.yaml"))],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "no problems."), done.stderr
