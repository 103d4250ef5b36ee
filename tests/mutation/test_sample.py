"""The emitted tests kill a fixed sample of mutants, and let the unbroken layer live."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_mutant_of_the_sample_is_killed(tmp_path):
    ran = subprocess.run(
        [sys.executable, ROOT / "benchmarks/mutation", "--sample", "--jobs", "2"],
        env={**os.environ, "KERAS_BACKEND": "tensorflow"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2000:]
    [*mutants, unbroken] = ran.stdout.splitlines()
    assert len(mutants) == 30
    assert unbroken == "swish, unbroken: survived"
