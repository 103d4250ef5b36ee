"""Everything that an initializer argument makes begins with values of its own."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.rendering import render

SPEC = """\
layer: Made
args:
  init: {type}
  widths: "list[int] = [3, 3]"
inputs: [batch, {shape}]
{parts}
"""
WEIGHTS = "weights:\n  w: {shape: [3, 3], initializer: init}\n"
SEVERAL = {
    "two sublayers": "layers:\n"
    "  a: Dense(3, kernel_initializer=init)\n"
    "  b: Dense(3, kernel_initializer=init)\n"
    "forward: a(x) + b(x)",
    "copied by the spec": "layers:\n"
    "  a: Dense(3, kernel_initializer=init.clone())\n"
    "  b: Dense(3, kernel_initializer=init)\n"
    "forward: a(x) + b(x)",
    "a list": "layers:\n"
    "  a: {make: 'Dense(n, kernel_initializer=init)', for: n in widths}\n"
    "forward: |\n  for one in a:\n    x = one(x)\n  return x",
    "a weight and a sublayer": WEIGHTS
    + "layers:\n  a: Dense(3, kernel_initializer=init)\nforward: a(x) + x @ w",
    "a weight and a list": WEIGHTS + "layers:\n"
    "  a: {make: 'Dense(n, kernel_initializer=init)', for: n in widths}\n"
    "forward: |\n  x = x @ w\n  for one in a:\n    x = one(x)\n  return x",
    "two weights": "weights:\n"
    "  w: {shape: [3, 3], initializer: init}\n"
    "  v: {shape: [3, 3], initializer: init}\n"
    "forward: x @ w + x @ v",
    "made in build": "layers:\n"
    "  a: Dense(3, kernel_initializer=init)\n"
    "  b: Dense(features, kernel_initializer=init)\n"
    "forward: a(x) + b(x)",
}
STATES = {
    "a weight and a state": WEIGHTS
    + "states:\n  s: {shape: [3, 3], initializer: init}\n"
    "forward: |\n  s = s * 0.5\n  return x @ w + x @ s",
    "two states": "states:\n"
    "  s: {shape: [3, 3], initializer: init}\n"
    "  r: {shape: [3, 3], initializer: init}\n"
    "forward: |\n  s = s * 0.5\n  r = r * 0.5\n  return x @ s + x @ r",
}
IN_TIME = {
    "inside another": "layers:\n"
    "  a: TimeDistributed(Dense(3, kernel_initializer=init))\n"
    "  b: TimeDistributed(Dense(3, kernel_initializer=init))\n"
    "forward: a(x) + b(x)",
    "twice in one": "layers:\n"
    "  a: SimpleRNN(3, kernel_initializer=init, recurrent_initializer=init)\n"
    "forward: a(x)",
    "in a comprehension": "layers:\n"
    "  a: 'RNN([SimpleRNNCell(w, kernel_initializer=init) for w in widths])'\n"
    "forward: a(x)",
}
CASES = [(p, "features") for p in SEVERAL.values()]
CASES += [(p, "time, features") for p in IN_TIME.values()]
NAMES = [*SEVERAL, *IN_TIME]


def made(parts: str, shape: str, type_: str, style: str, **arguments):
    """The variables that a generated layer, or model, has when it is built."""
    text = SPEC.format(type=type_, shape=shape, parts=parts)
    reading = read_spec(text, "made.yaml")
    assert reading.spec, reading.problems
    found = {"__name__": "made"}
    code = next(iter(render(reading.spec, style).values()))
    exec(compile(code, "made.py", "exec"), found)
    sizes = (4, 3) if "time" in shape else (3,)
    if style == "functional":
        return found["made"](sizes, **arguments).weights
    layer = found["Made"](**arguments)
    layer(np.ones((2, *sizes), "float32"))
    return layer.weights


def kernels(variables) -> list[np.ndarray]:
    names = ("kernel", "w", "v", "recurrent_kernel")
    return [np.asarray(v) for v in variables if v.name in names and v.shape == (3, 3)]


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(("parts", "shape"), CASES, ids=NAMES)
@pytest.mark.parametrize("given", ["default", "object", "class", "config"])
def test_no_two_start_alike(parts: str, shape: str, style: str, given: str) -> None:
    normal = keras.initializers.RandomNormal(stddev=0.5)
    values = {
        "default": {},
        "object": {"init": normal},
        "class": {"init": keras.initializers.GlorotUniform},
        "config": {"init": keras.initializers.serialize(normal)},
    }
    found = kernels(
        made(parts, shape, "'Initializer = \"he_normal\"'", style, **values[given])
    )
    assert len(found) > 1
    for one, other in itertools.combinations(found, 2):
        assert np.abs(one - other).max() > 1e-3


@pytest.mark.parametrize("style", ["class", "functional"])
@pytest.mark.parametrize(("parts", "shape"), CASES, ids=NAMES)
def test_none_is_keras_default(parts: str, shape: str, style: str) -> None:
    parts = parts.replace("init.clone()", "init")
    found = made(parts, shape, "Initializer | None = None", style)
    assert len(kernels(found)) > 1


@pytest.mark.parametrize("parts", STATES.values(), ids=STATES)
def test_states_start_alike_with_nothing_either(parts: str) -> None:
    normal = keras.initializers.RandomNormal(stddev=0.5)
    parts = parts.replace("= s * 0.5", "= s * 1.0").replace("= r * 0.5", "= r * 1.0")
    one, other = map(
        np.asarray, made(parts, "features", "Initializer", "class", init=normal)
    )
    assert np.abs(one - other).max() > 1e-3
    ones = made(parts, "features", "Initializer", "class", init="ones")
    assert all(np.array_equal(one, np.ones((3, 3))) for one in ones)


def test_reset_puts_back_what_the_argument_says() -> None:
    text = SPEC.format(type="Initializer", shape="3", parts=STATES["two states"])
    found = {"__name__": "made"}
    exec(render(read_spec(text, "made.yaml").spec)["made.py"], found)
    layer = found["Made"](init=keras.initializers.Constant(0.25))
    layer(np.ones((2, 3), "float32"))
    np.testing.assert_array_equal(layer.s, np.full((3, 3), 0.125))
    layer.reset_state()
    np.testing.assert_array_equal(layer.s, np.full((3, 3), 0.25))


def test_copies_are_of_the_given_object() -> None:
    parts = SEVERAL["a weight and a list"]
    given = keras.initializers.Constant(0.25)
    for one in kernels(made(parts, "features", "Initializer", "class", init=given)):
        np.testing.assert_array_equal(one, np.full((3, 3), 0.25))


def test_one_alone_takes_the_object_itself() -> None:
    parts = "layers: {a: 'Dense(3, kernel_initializer=init)'}\nforward: a(x)"
    text = SPEC.format(type="Initializer", shape="features", parts=parts)
    reading = read_spec(text, "made.yaml")
    assert reading.spec and "clone" not in render(reading.spec)["made.py"]
