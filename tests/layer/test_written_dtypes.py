"""Weights and states whose dtype is written keep it in `call`, under every policy."""

from __future__ import annotations

import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.rendering import render

SPEC = """\
layer: Held
inputs: [batch, features]
weights:
  w: {shape: [features], dtype: DTYPE, initializer: ones, WHEN}
  other: {shape: [features], initializer: ones}
states:
  s: {shape: [features], dtype: DTYPE}
forward: |
  s = ops.cast(x[0], s.dtype) * w
  return s * w, x * other
"""
POLICIES = ["float32", "mixed_float16", "mixed_bfloat16", "float64"]
# One and the smallest step from it that the dtype can tell.
STEPS = {"float16": 2**-10, "bfloat16": 2**-7, "float32": 2**-23, "float64": 2**-52}


def made(dtype: str, when: str = "doc: held"):
    reading = read_spec(SPEC.replace("DTYPE", dtype).replace("WHEN", when), "made.yaml")
    assert reading.spec, reading.problems
    found = {"__name__": "made"}
    exec(compile(render(reading.spec)["held.py"], "made.py", "exec"), found)
    return found["Held"]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("dtype", "step"), STEPS.items(), ids=list(STEPS))
def test_is_read_as_it_is_held(policy: str, dtype: str, step: float) -> None:
    layer = made(dtype)(dtype=policy)
    layer.build((2, 3))
    layer.w.assign(np.full(3, 1 + step))
    found, plain = layer(np.ones((2, 3), layer.compute_dtype))
    assert found.dtype == dtype and plain.dtype == layer.compute_dtype
    wanted = np.full(3, (1 + step) ** 2)
    np.testing.assert_allclose(np.asarray(found, "float64"), wanted, rtol=step / 2)
    assert np.asarray(found, "float64")[0] > 1
    assert layer.w.dtype == layer.s.dtype == dtype


@pytest.mark.parametrize("when", ["trainable: false", "expose: false"])
def test_however_the_weight_is_declared(when: str) -> None:
    layer = made("float32", when)(dtype="mixed_float16")
    found, _ = layer(np.ones((2, 3), "float16"))
    assert found.dtype == "float32"


def test_integers_need_no_word() -> None:
    text = SPEC.replace("DTYPE", "int32").replace("WHEN", "trainable: false")
    reading = read_spec(text, "made.yaml")
    assert reading.spec and "autocast" not in render(reading.spec)["held.py"]
