"""A machine with JAX needs no TensorFlow: neither the layers nor their tests."""

import os
import subprocess
import sys

import pytest

HIDDEN = 'raise ImportError("there is no TensorFlow here")\n'


def test_emitted_tests_run_without_tensorflow(tmp_path):
    pytest.importorskip("jax", reason="JAX is not installed")
    (tmp_path / "tensorflow.py").write_text(HIDDEN)
    run = [sys.executable, "-m"]
    env = {**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": str(tmp_path)}
    new = [*run, "layergen", "new", "double"]
    subprocess.run(new, cwd=tmp_path, env=env, check=True, capture_output=True)
    test = [*run, "pytest", "-n", "0", "-q", "test_double.py"]
    done = subprocess.run(test, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "layergen: trained on cpu:0 (jax)" in done.stdout
