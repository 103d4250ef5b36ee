"""A machine with PyTorch needs no TensorFlow: neither the layers nor their tests."""

import os
import subprocess
import sys

import pytest

HIDDEN = 'raise ImportError("there is no TensorFlow here")\n'
# What PyTorch alone minds: a factor that is updated before its gradient is asked for, and
# a tensor that is changed where it stands.
CARRIED = """
layer: Carried
inputs: [batch, features]
outputs: [batch, features]
weights:
  decay: [features]
states:
  total: {shape: [features], initializer: ones}
  size: {shape: [features], initializer: ones}
forward: |
  y = x * size
  size = 0.9 * size + 0.1 * ops.mean(x * x, axis=0)
  total = decay * total + ops.mean(x, axis=0)
  z = ops.tanh(x)
  z *= total
  kept = x
  kept += 1
  return y + z + kept + x
"""


@pytest.mark.parametrize("spec", [None, CARRIED], ids=["new", "carried"])
def test_emitted_tests_run_without_tensorflow(tmp_path, spec):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    (tmp_path / "tensorflow.py").write_text(HIDDEN)
    run = [sys.executable, "-m"]
    env = {**os.environ, "KERAS_BACKEND": "torch", "PYTHONPATH": str(tmp_path)}
    if spec:
        (tmp_path / "double.yaml").write_text(spec)
    make = ["generate", "double.yaml"] if spec else ["new", "double"]
    options = {"cwd": tmp_path, "env": env, "capture_output": True}
    subprocess.run([*run, "layergen", *make], check=True, **options)
    name = "carried" if spec else "double"
    test = [*run, "pytest", "-n", "0", "-q", f"test_{name}.py"]
    done = subprocess.run(test, text=True, **options)
    assert done.returncode == 0, done.stdout
    assert "layergen: trained on cpu (torch)" in done.stdout
