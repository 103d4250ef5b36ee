"""A mask that the spec computes: the class, and the function that its test states."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.rendering import render
from layergen.testing import CHECKS
from layergen.testing.runner import result_of

MASK = np.array([[1, 1, 1, 0, 0, 0], [1, 0, 1, 1, 1, 0]], bool)
X = np.arange(36, dtype="float32").reshape(2, 6, 3) % 7

# Each with the mask that comes out, worked out by NumPy from the arguments.
SPECS = {
    "argument with a default": (
        'args: {step: "int = 2"}\ninputs: [batch, time, features]\n'
        "mask: mask[:, ::step]\nforward: x[:, ::step]",
        {"step": 3},
        MASK[:, ::3],
    ),
    "required argument": (
        "args: {step: {type: int, min: 1}}\ninputs: [batch, time, features]\n"
        "mask: mask[:, ::step]\nforward: x[:, ::step]",
        {"step": 4},
        MASK[:, ::4],
    ),
    "derived of an argument": (
        'args: {step: "int = 2"}\ninputs: [batch, time, features]\n'
        "derived: {stride: step + 1}\n"
        "mask: mask[:, ::stride]\nforward: x[:, ::stride]",
        {"step": 1},
        MASK[:, ::2],
    ),
    "derived of a dimension": (
        "inputs: [batch, time, features]\nderived: {half: 'features // 2 + 1'}\n"
        "mask: mask[:, ::half]\nforward: x[:, ::half]",
        {},
        MASK[:, ::2],
    ),
    "dimension": (
        "inputs: [batch, time, features]\n"
        "mask: mask & (ops.arange(time) < time - 2)\nforward: x * 1.0",
        {},
        MASK & (np.arange(6) < 4),
    ),
    "group of axes": (
        "inputs: [batch, time, ...space]\n"
        "mask: mask & ops.any(x > 1, axis=space)\nforward: x * 2.0",
        {},
        MASK & (X > 1).any(-1),
    ),
    "array": (
        "args: {kept: {type: Array, shape: [3]}}\ninputs: [batch, time, 3]\n"
        "mask: mask & ops.any(x * kept > 1, axis=-1)\nforward: x * kept\n",
        {"kept": np.array([1.0, 0.0, 1.0], "float32")},
        MASK & (X * [1, 0, 1] > 1).any(-1),
    ),
    "block": (
        "inputs: [batch, time, features]\n"
        "mask: |\n  kept = mask[:, ::2]\n  # every other\n  return kept\n"
        "forward: x[:, ::2]",
        {},
        MASK[:, ::2],
    ),
    "block with branches": (
        'args: {both: "bool = False"}\ninputs: [batch, time, features]\n'
        "mask: |\n  large = ops.any(x > 3, axis=-1)\n  if both:\n    return mask & large\n"
        "  return mask\n"
        "forward: x * 2.0",
        {"both": True},
        MASK & (X > 3).any(-1),
    ),
    "block with a loop": (
        'args: {steps: "int = 1"}\ninputs: [batch, time, features]\n'
        "mask: |\n  for _ in range(steps):\n    mine = 1\n  return mask[:, 1:]\n"
        "forward: x[:, 1:]",
        {},
        MASK[:, 1:],
    ),
}


def modules(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[ModuleType, ModuleType]:
    """The module of a layer and that of its test."""
    reading = read_spec(f"layer: Masked\n{text}\n", "masked.yaml", "masked")
    assert reading.spec, reading.problems
    found = []
    for name, code in render(reading.spec).items():
        module = ModuleType(name.removesuffix(".py"))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(compile(code, name, "exec"), module.__dict__)
        found.append(module)
    return found[0], found[1]


def outcome(case) -> str:
    """What becomes of the check that compares masks."""
    return result_of(CHECKS["computed_mask_equals_its_function"], case).outcome


@pytest.mark.parametrize("name", SPECS)
def test_the_mask_and_its_test(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, arguments, wanted = SPECS[name]
    made, test = modules(text, monkeypatch)
    layer = made.Masked(**arguments)
    layer.build(X.shape)
    np.testing.assert_array_equal(layer.compute_mask(X, MASK), wanted)
    assert layer.compute_mask(X, None) is None
    assert {outcome(case) for case in test.CASES} == {"passed"}


# Each makes a mask of the input alone, as `keras.layers.Masking` does.
MADE = {
    "of values": ("mask: ops.any(x > 1, axis=-1)", {}, (X > 1).any(-1)),
    "of an argument": (
        'args: {least: "float = 2.0"}\nmask: ops.any(x > least, axis=-1)',
        {"least": 4.0},
        (X > 4).any(-1),
    ),
    "of a size": (
        "mask: ops.any(x > 1, axis=-1) & (ops.arange(time) < time - 2)",
        {},
        (X > 1).any(-1) & (np.arange(6) < 4),
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_a_mask_that_is_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, arguments, wanted = MADE[name]
    text = f"{text}\ninputs: [batch, time, features]\nforward: x * 1.0"
    made, test = modules(text, monkeypatch)
    layer = made.Masked(**arguments)
    np.testing.assert_array_equal(layer.compute_mask(X), wanted)
    np.testing.assert_array_equal(layer.compute_mask(X, MASK), wanted)
    np.testing.assert_array_equal(layer(X)._keras_mask, wanted)
    assert {outcome(case) for case in test.CASES} == {"passed"}
    whole = made.Masked.compute_mask
    made.Masked.compute_mask = lambda self, x, mask=None: (
        None if mask is None else whole(self, x, mask)
    )
    assert outcome(test.CASES[0]) == "failed"


# A mask that is right nowhere is told: the emitted function is no copy of the class.
def test_a_wrong_mask_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    made, test = modules(SPECS["argument with a default"][0], monkeypatch)
    made.Masked.compute_mask = lambda self, x, mask=None: (
        None if mask is None else ~mask[:, :: self.step]
    )
    assert outcome(test.CASES[0]) == "failed"


def test_other_inputs_are_out_of_sight() -> None:
    text = (
        "layer: A\ninputs: {x: [batch, time, d], y: [batch, steps, ...places, d]}\n"
        "mask: x_mask & (ops.arange(time) < steps)\nforward: x"
    )
    codes = [(p.code, p.message) for p in read_spec(text, "a.yaml").problems]
    message = "`mask` cannot use `steps`, a dimension of another input"
    assert ("LG413", message) in codes


def test_derived_of_another_input(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "inputs: {x: [batch, time, d], y: [batch, steps]}\nderived: {half: steps // 2}\n"
        "mask: x_mask & (ops.arange(time) >= half)\nforward: x + ops.sum(y) * half"
    )
    made, test = modules(text, monkeypatch)
    layer = made.Masked()
    layer.build(X.shape, (2, 4))
    np.testing.assert_array_equal(
        layer.compute_mask(X, MASK), MASK & (np.arange(6) >= 2)
    )
    assert outcome(test.CASES[0]) == "passed"
