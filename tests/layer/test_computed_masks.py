"""A mask that the spec computes: the class, and the function that its test states."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType

import keras
import numpy as np
import pytest
from keras import ops

from layergen.loading import read_spec
from layergen.rendering import render
from layergen.testing import CHECKS
from layergen.testing.runner import result_of

MASK = np.array([[1, 1, 1, 0, 0, 0], [1, 0, 1, 1, 1, 0]], bool)
X = np.arange(36, dtype="float32").reshape(2, 6, 3) % 7

# Each with the mask that comes out, worked out by NumPy from the arguments, and where one
# comes out without a mask that comes in, with that one.
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
        (X > 1).any(-1),
    ),
    "array": (
        "args: {kept: {type: Array, shape: [3]}}\ninputs: [batch, time, 3]\n"
        "mask: mask & ops.any(x * kept > 1, axis=-1)\nforward: x * kept\n",
        {"kept": np.array([1.0, 0.0, 1.0], "float32")},
        MASK & (X * [1, 0, 1] > 1).any(-1),
        (X * [1, 0, 1] > 1).any(-1),
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
        (X > 3).any(-1),
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


# spec: mask-expression
@pytest.mark.parametrize("name", SPECS)
def test_the_mask_and_its_test(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, arguments, wanted, *made_of_none = SPECS[name]
    made, test = modules(text, monkeypatch)
    layer = made.Masked(**arguments)
    layer.build(X.shape)
    np.testing.assert_array_equal(layer.compute_mask(X, MASK), wanted)
    without = layer.compute_mask(X, None)
    assert (without is None) == (not made_of_none)
    for expected in made_of_none:
        np.testing.assert_array_equal(without, expected)
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
    # A mask that comes in is not looked at, and what it masks counts.
    hides = CHECKS["masked_steps_do_not_count"]
    assert not any(hides.applies(case) for case in test.CASES)
    whole = made.Masked.compute_mask
    made.Masked.compute_mask = lambda self, x, mask=None: (
        None if mask is None else whole(self, x, mask)
    )
    assert outcome(test.CASES[0]) == "failed"


def test_a_mask_is_passed_to_each_output_with_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keras itself hands it to the first output, whatever that is."""
    text = (
        "inputs: [batch, time, features]\nmask: pass\noutputs:\n"
        "  mean: [batch, features]\n  twice: [batch, time, features]\n"
        "  size: [batch, time, 1]\n"
        "forward: |\n  size = ops.max(x, axis=-1, keepdims=True)\n"
        "  return ops.mean(x, axis=1), 2 * x, size"
    )
    made, test = modules(text, monkeypatch)
    x = ops.convert_to_tensor(X)
    x._keras_mask = ops.convert_to_tensor(MASK)
    mean, *others = made.Masked()(x)
    assert getattr(mean, "_keras_mask", None) is None
    for one in others:
        np.testing.assert_array_equal(one._keras_mask, MASK)
    checks = "mask_is_passed_on", "masks_fit_their_outputs"
    for case in test.CASES:
        assert {result_of(CHECKS[one], case).outcome for one in checks} == {"passed"}
    made.Masked.compute_mask = lambda self, x, mask=None: (None, mask, None)
    result = result_of(CHECKS["mask_is_passed_on"], replace(test.CASES[0], strict=True))
    assert "output 2 carries no mask" in result.message


# A mask that is right nowhere is told: the emitted function is no copy of the class.
def test_a_wrong_mask_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    made, test = modules(SPECS["argument with a default"][0], monkeypatch)
    made.Masked.compute_mask = lambda self, x, mask=None: (
        None if mask is None else ~mask[:, :: self.step]
    )
    assert outcome(test.CASES[0]) == "failed"


TWO = "inputs: {a: [batch, n, d], b: [batch, m, d]}\n"
SAME = "inputs: {a: [batch, n, d], b: [batch, n, d]}\n"
MANY = "inputs: {xs: {shape: [batch, n, d], many: true}}\n"
A, B = X, X[:, ::-1] * 2
IN_A, IN_B = MASK, np.array([[0, 1, 1, 1, 0, 1], [1, 1, 0, 1, 0, 0]], bool)
ALL = np.ones_like(MASK)
LARGE = (B > 6).any(-1)

# Each with what comes of masks of both inputs, of the first, of the second, and of none.
SEVERAL = {
    "joined along time": (
        TWO + "mask: ops.concatenate([a_mask, b_mask], axis=1)\n"
        "forward: ops.concatenate([a, b], axis=1)",
        [
            np.concatenate([IN_A, IN_B], 1),
            np.concatenate([IN_A, ALL], 1),
            np.concatenate([ALL, IN_B], 1),
            None,
        ],
    ),
    "both": (
        SAME + "mask: a_mask & b_mask\nforward: a + b",
        [IN_A & IN_B, IN_A, IN_B, None],
    ),
    "second": (SAME + "mask: b_mask\nforward: a + b", [IN_B, None, IN_B, None]),
    "and what is large": (
        SAME + "mask: a_mask & ops.any(b > 6, axis=-1)\nforward: a + b",
        [IN_A & LARGE, IN_A & LARGE, LARGE, LARGE],
    ),
    "asked for": (
        SAME + "mask: None if a_mask is None or b_mask is None else a_mask | b_mask\n"
        "forward: a + b",
        [IN_A | IN_B, None, None, None],
    ),
    "asked for in a list": (
        MANY + "mask: |\n  if any(one is None for one in mask):\n    return None\n"
        "  return mask[0] | mask[1]\nforward: xs[0] + xs[1]",
        [IN_A | IN_B, None, None, None],
    ),
    "another where one is missing": (
        SAME + "mask: ops.any(b > 6, axis=-1) if a_mask is None else a_mask\n"
        "forward: a + b",
        [IN_A, IN_A, LARGE, LARGE],
    ),
    "sizes of another": (
        TWO + "mask: a_mask & (ops.arange(n) < m - 2)\n"
        "forward: a + ops.sum(b, axis=1, keepdims=True)",
        [IN_A & (np.arange(6) < 4)] * 2 + [None, None],
    ),
    "of each of several tensors": (
        MANY + "mask: |\n  found = mask[0]\n  for one in mask[1:]:\n"
        "    found = found & one\n  return found\nforward: sum(xs)",
        [IN_A & IN_B, IN_A, IN_B, None],
    ),
}


def called(layer: keras.layers.Layer, kind: str, masks: list) -> object:
    """The mask of what a layer makes of both inputs."""
    tensors = [ops.convert_to_tensor(one) for one in (A, B)]
    for tensor, mask in zip(tensors, masks, strict=True):
        if mask is not None:
            tensor._keras_mask = ops.convert_to_tensor(mask)
    given = {"list": [tensors], "dict": [dict(zip("ab", tensors, strict=True))]}
    result = layer(*given.get(kind, tensors))
    return getattr(result, "_keras_mask", None)


# spec: mask-missing
@pytest.mark.parametrize("kind", ["separate", "list", "dict"])
@pytest.mark.parametrize("name", SEVERAL)
def test_masks_of_several_inputs(
    name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mask that is missing counts as all true; where all are, there is none."""
    text, wanted = SEVERAL[name]
    if "many: true" in text:
        kind = "list"  # However other inputs come.
    else:
        text += f"\ninputs_as: {kind}"
    made, test = modules(text, monkeypatch)
    layer = made.Masked()
    for masks, expected in zip(PRESENT, wanted, strict=True):
        received = called(layer, kind, masks)
        assert (received is None) == (expected is None)
        if expected is not None:
            np.testing.assert_array_equal(received, expected)
    assert {outcome(case) for case in test.CASES} == {"passed"}
    symbols = [keras.Input((None, 3)) for _ in "ab"]
    given = {"list": [symbols], "dict": [dict(zip("ab", symbols, strict=True))]}
    assert made.Masked()(*given.get(kind, symbols)).shape[-1] == 3


PRESENT = [[IN_A, IN_B], [IN_A, None], [None, IN_B], [None, None]]


@pytest.mark.parametrize("kind", ["separate", "list"])
def test_masks_that_are_wrong_where_some_are_missing_are_seen(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SAME + f"inputs_as: {kind}\nmask: a_mask & b_mask\nforward: a + b"
    made, test = modules(text, monkeypatch)
    name = "_output_mask" if kind == "separate" else "compute_mask"
    for masks in ("none for one", "made of none"):
        monkeypatch.setattr(made.Masked, name, wrong(kind, masks))
        assert outcome(test.CASES[0]) == "failed"


def wrong(kind: str, how: str):
    def of(a, a_mask, b_mask):
        if how == "made of none":
            none = ops.ones_like(a[:, :, 0], dtype="bool")
            return (none if a_mask is None else a_mask) & (
                none if b_mask is None else b_mask
            )
        return None if a_mask is None or b_mask is None else a_mask & b_mask

    if kind == "separate":
        return lambda self, a, b, a_mask, b_mask: of(a, a_mask, b_mask)
    return lambda self, inputs, mask=None: of(inputs[0], *(mask or (None, None)))


LAYERED = {
    "a layer that hands masks on": (
        "layers: {dense: Dense(3)}\nmask: mask & ops.any(x > 3, axis=-1)\n"
        "forward: dense(x)",
        MASK & (X > 3).any(-1),
    ),
    "its input": ("mask: ops.any(x > 3, axis=-1)\nforward: x", (X > 3).any(-1)),
    "used up": ("layers: {dense: Dense(3)}\nmask: stop\nforward: dense(x)", None),
}


# spec: mask-own
@pytest.mark.parametrize("name", LAYERED)
def test_what_is_returned_may_have_a_mask_of_its_own(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keras keeps a mask that the output has."""
    text, wanted = LAYERED[name]
    made, test = modules(f"inputs: [batch, time, features]\n{text}", monkeypatch)
    x = ops.convert_to_tensor(X)
    x._keras_mask = ops.convert_to_tensor(MASK)
    received = getattr(made.Masked()(x), "_keras_mask", None)
    assert (received is None) == (wanted is None)
    if wanted is not None:
        np.testing.assert_array_equal(received, wanted)
    np.testing.assert_array_equal(x._keras_mask, MASK)
    checks = "computed_mask_equals_its_function", "mask_is_used_up"
    for case in test.CASES:
        found = [CHECKS[one] for one in checks if CHECKS[one].applies(case)]
        assert {result_of(one, case).outcome for one in found} == {"passed"}


IDS = np.array([[3, 1, 0, 0], [2, 0, 4, 1]], "int32")


def test_what_a_sublayer_makes_of_a_mask_is_carried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An embedding that masks zero, through what Keras carries it."""
    head = "inputs: {x: {shape: [batch, time], dtype: int32, min: 0, below: 5}}\n"
    layers = "embed: 'Embedding(5, 2, mask_zero=True)', pool: GlobalAveragePooling1D()"
    text = f"{head}layers: {{{layers}}}\nforward: pool(embed(x))"
    made, test = modules(text, monkeypatch)
    layer = made.Masked()
    mean, table = layer(IDS), np.asarray(layer.embed.embeddings)
    wanted = [table[row[row != 0]].mean(0) for row in IDS]
    np.testing.assert_allclose(mean, wanted, rtol=1e-6)
    text = (
        f"{head}layers: {{embed: 'Embedding(5, 2, mask_zero=True)'}}\nforward: embed(x)"
    )
    embedded = modules(text, monkeypatch)[0].Masked()(IDS)
    np.testing.assert_array_equal(embedded._keras_mask, IDS != 0)


def test_a_mask_goes_with_masking_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Masking` before, and a pooling that reads masks behind, in a saved model."""
    made, _ = modules(SEVERAL["joined along time"][0], monkeypatch)
    a, b = keras.Input((6, 3)), keras.Input((6, 3))
    joined = made.Masked()(keras.layers.Masking()(a), b)
    model = keras.Model([a, b], keras.layers.GlobalAveragePooling1D()(joined))
    x = X.copy()
    x[0, 4:] = 0
    steps = [
        np.concatenate([one[one.any(-1)], other])
        for one, other in zip(x, B, strict=True)
    ]
    wanted = [one.mean(0) for one in steps]
    np.testing.assert_allclose(model([x, B]), wanted, rtol=1e-5)
    np.testing.assert_allclose(model.predict([x, B], verbose=0), wanted, rtol=1e-5)


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
