"""Layers whose names generated code would have taken compute what they should."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from layergen.loading import read_spec
from layergen.rendering import laid_out

RNG = np.random.default_rng(0)
A = RNG.normal(size=(2, 3)).astype("float32")
B = RNG.normal(size=(2, 3)).astype("float32")
CODES = np.array([[0, 4, 2], [1, 1, 3]], dtype="int32")


def made(text: str, style: str = "class") -> dict[str, object]:
    """What the module of a spec defines."""
    reading = read_spec(text, "made.yaml")
    assert reading.spec is not None, list(map(str, reading.problems))
    space: dict[str, object] = {"__name__": f"made_{style}"}
    exec(compile(laid_out(reading.spec, style)["made.py"], "made.py", "exec"), space)
    return space


HEAD = "layer: Made\n"


# spec: names-made
def test_inputs_beside_a_range():
    layer = made(f"""{HEAD}inputs:
  codes: {{shape: [batch, n], dtype: int32, min: 0, below: 5}}
  outside: [batch, n]
  values: [batch, n]
forward: ops.cast(codes, values.dtype) * values + outside
""")["Made"]()
    np.testing.assert_allclose(layer(CODES, A, B), CODES * B + A, rtol=1e-6)


def test_a_dimension_beside_the_shapes_of_a_list():
    layer = made(f"""{HEAD}inputs:
  y: [batch, shape]
  xs: {{shape: [batch, shape], many: true}}
forward: y * shape + xs[0]
""")["Made"]()
    np.testing.assert_allclose(layer(A, [B, B]), A * 3 + B, rtol=1e-6)
    with pytest.raises(ValueError, match=r"\(shape\) must have size 3.*shape=\(2, 4\)"):
        layer(A, [np.ones((2, 4), "float32")])


def test_a_loop_variable_beside_the_number_of_a_layer():
    layer = made(f"""{HEAD}args: {{widths: "list[int]"}}
inputs: [batch, d]
layers: {{hidden: {{make: Dense(index), for: index in widths}}}}
forward: |
  for one in hidden:
    x = one(x)
  return x
""")["Made"]([4, 5])
    assert layer(A).shape == (2, 5)
    assert [one.name for one in layer.hidden] == ["hidden_0", "hidden_1"]


# spec: functional-names
@pytest.mark.parametrize("other", ["name", "dtype", "outputs", "inputs", "model"])
def test_an_input_beside_the_parameters_of_a_model(other):
    text = f"""{HEAD}args: {{units: int}}
inputs: {{value: [batch, d], {other}: [batch, d]}}
weights: {{kernel: [d, units]}}
forward: (value + {other} * 2) @ kernel
"""
    model = made(text, "functional")["made"]((3,), (3,), 4, name="called")
    [kernel] = (one.numpy() for one in model.weights)
    np.testing.assert_allclose(model([A, B]), (A + B * 2) @ kernel, rtol=1e-5)
    assert model.name == "called"


def test_functions_and_derived_values_of_a_model():
    text = f"""{HEAD}args: {{units: int}}
inputs: [batch, features]
weights: {{kernel: [features, units]}}
functions: {{outputs: {{args: [inputs], forward: inputs * inputs}}}}
derived: {{features: units - 1}}
forward: |
  y = outputs(x) @ kernel
  return (y
    * features)
"""
    model = made(text, "functional")["made"]((3,), 4)
    [kernel] = (one.numpy() for one in model.weights)
    np.testing.assert_allclose(model(A), A**2 @ kernel * 3, rtol=1e-5)
    with pytest.raises(ValueError, match="features"):
        made(text, "functional")["made"]((5,), 4)


# spec: states-operations
@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        *(("+= 5", 11), ("-= 2", 4), ("*= 3", 18), ("/= 4", 1), ("//= 4", 1)),
        *(("%= 4", 2), ("**= 2", 36), ("&= 3", 2), ("|= 1", 7), ("^= 3", 5)),
        *(("<<= 2", 24), (">>= 1", 3)),
    ],
)
@pytest.mark.parametrize("read", [False, True])
def test_operations_on_a_state_of_integers(operation, expected, read):
    text = f"""{HEAD}inputs: [batch, d]
states: {{count: {{shape: [], dtype: int32, initializer: ones}}}}
forward: |
  count {operation}
  return {"x + ops.cast(count, x.dtype)" if read else "x"}
"""
    layer = made(text)["Made"]()
    layer.build((2, 3))
    layer.count.assign(6)
    result = layer(A)
    assert int(layer.count.numpy()) == expected
    # What was assigned is read uncast.
    seen = 1.5 if operation == "/= 4" else expected
    np.testing.assert_allclose(result, A + seen if read else A, rtol=1e-6)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [("&= False", False), ("|= False", True), ("^= True", False)],
)
def test_operations_on_a_state_of_bools(operation, expected):
    text = f"""{HEAD}inputs: [batch, d]
states: {{seen: {{shape: [], dtype: bool, initializer: ones}}}}
forward: |
  if training: seen {operation}
  return x
"""
    layer = made(text)["Made"]()
    layer(A, training=False)
    assert bool(layer.seen.numpy()) is True
    layer(A, training=True)
    assert bool(layer.seen.numpy()) is expected


def test_a_product_as_an_update():
    text = f"""{HEAD}inputs: [batch, d]
weights: {{kernel: [d, d]}}
states: {{held: [d, d]}}
forward: |
  y = x; held @= kernel
  y @= kernel
  return (y
    + ops.sum(held))
"""
    layer = made(text)["Made"]()
    layer.build((2, 3))
    layer.held.assign(np.eye(3))
    kernel = layer.kernel.numpy()
    np.testing.assert_allclose(layer(A), A @ kernel + kernel.sum(), rtol=1e-5)
    np.testing.assert_allclose(layer.held.numpy(), kernel, rtol=1e-6)


def chain(count: int) -> str:
    """A spec whose functions each call the one before twice."""
    links = "".join(
        f"  f{i}: {{args: [z], forward: f{i - 1}(z) * 0.5 + f{i - 1}(z) * 0.5}}\n"
        for i in range(1, count)
    )
    functions = f"functions:\n  f0: {{args: [z], forward: z + 1}}\n{links}"
    return f"{HEAD}inputs: [batch, d]\n{functions}forward: f{count - 1}(x)\n"


def test_a_chain_of_functions():
    layer = made(chain(12))["Made"]()
    np.testing.assert_allclose(layer(A), A + 1, rtol=1e-5)
    for style in ("class", "functional"):
        assert callable(made(chain(256), style)["f255"])


def calls_of_python(text: str) -> int:
    """How many calls laying a spec out takes."""
    count = 0

    def counted(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        made(text)
    finally:
        sys.setprofile(None)
    return count


def test_the_work_grows_with_the_functions_no_faster():
    made(chain(8))
    short, long = calls_of_python(chain(64)), calls_of_python(chain(128))
    assert long < 2.3 * short
