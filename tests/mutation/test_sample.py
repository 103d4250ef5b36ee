"""The emitted tests kill a sample of mutants, and let the unbroken layer live."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def mutation_run(folder, *what):
    """What the mutation run prints, and its exit code."""
    ran = subprocess.run(
        [sys.executable, ROOT / "benchmarks/mutation", *what, "--jobs", "2"],
        env={**os.environ, "KERAS_BACKEND": "tensorflow"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2000:]
    return ran.stdout.splitlines()


def test_every_mutant_of_the_sample_is_killed(tmp_path, pytestconfig):
    seed = pytestconfig.getoption("sample_seed")
    [*mutants, unbroken] = mutation_run(tmp_path, "--sample", "--seed", str(seed))
    assert len(mutants) == 30
    assert unbroken == "swish, unbroken: survived"


def test_equivalent_mutants_are_equal_and_another_is_not(tmp_path):
    [*equal, other] = mutation_run(tmp_path, "--equivalents")
    assert equal
    assert all(line.endswith(": equal") for line in equal)
    assert other.startswith("not equivalent, ")
    assert not other.endswith(": equal")
