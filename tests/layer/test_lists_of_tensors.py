"""Lists of tensors: what they share is compared, and examples hold what forward reads."""

from __future__ import annotations

import numpy as np
import pytest

from layergen.example.values import example_sizes, tensor_count
from layergen.layer.facts import Facts
from layergen.loading import read_spec
from layergen.rendering import render


def facts(text: str) -> Facts:
    reading = read_spec(f"layer: Made\n{text}", "made.yaml")
    assert reading.spec, reading.problems
    return Facts(reading.spec)


def made(text: str):
    found = {"__name__": "made"}
    code = render(facts(text).spec)["made.py"]
    exec(compile(code, "made.py", "exec"), found)
    return found["Made"]


ALL = "forward: |\n  total = 0.0\n  for one in tensors:\n    total = total + one\n  return total\n"
REST = "the axes `...` must be the same in all of `tensors`"


@pytest.mark.parametrize(
    ("shape", "good", "bad", "said"),
    [
        ("[batch, ...]", (2, 3, 4), (2, 3, 5), REST),
        ("[batch, ...]", (2, 3, 4), (2, 3), REST),
        ("[batch, ...]", (2, 1), (2, 3), REST),
        ("[...]", (2, 3), (3, 3), REST),
        ("[batch, ...space, 3]", (2, 4, 3), (2, 5, 3), REST),
        ("[batch, time, ...]", (2, 4, 3), (2, 5, 3), "axis 1 of `tensors`"),
    ],
)
def test_the_rest_of_a_list_is_compared(
    shape: str, good: tuple[int, ...], bad: tuple[int, ...], said: str
) -> None:
    text = f"inputs: {{tensors: {{shape: {shape!r}, many: true}}}}\n{ALL}".replace(
        "'", ""
    )
    layer = made(text)()
    x = np.ones(good, "float32")
    np.testing.assert_array_equal(layer([x, x, x]), np.full(good, 3.0))
    np.testing.assert_array_equal(layer([x]), x)
    for other in (made(text)(), layer):
        with pytest.raises(ValueError, match=said):
            other([x, x, np.ones(bad, "float32")])


def test_a_list_beside_another_input() -> None:
    text = (
        "inputs: {x: [batch, ...], tensors: {shape: [batch, ...], many: true}}\n"
        "forward: x + tensors[0] + tensors[1]\n"
    )
    x = np.ones((2, 3, 4), "float32")
    np.testing.assert_array_equal(made(text)()(x, tensors=[x, x]), 3 * x)
    with pytest.raises(ValueError, match=r"`\.\.\.` of `tensors` must be those of `x`"):
        made(text)()(x, tensors=[x, x[:, :2]])


@pytest.mark.parametrize(
    ("forward", "count"),
    [
        ("tensors[0] + tensors[1]", 2),
        ("tensors[3] * tensors[0]", 4),
        ("ops.exp(tensors[0])", 1),
        ("|\n  a, b = tensors\n  return a - b", 2),
        ("|\n  [a, b, c, e] = tensors\n  return a - b * c * e", 4),
        # What is read as a whole, from its end or by a number that is no literal.
        ("sum(tensors)", 3),
        ("tensors[0] + tensors[-1]", 3),
        ("tensors[0] + sum(tensors)", 3),
        ("|\n  a, *b = tensors\n  return a + b[0]", 3),
        ("tensors[len(tensors) - 1]", 3),
        ("ops.stack(tensors[:2])", 3),
    ],
)
def test_an_example_holds_what_is_read(forward: str, count: int) -> None:
    found = facts(
        "inputs: {tensors: {shape: [batch, d], many: true}}\n" f"forward: {forward}\n"
    )
    assert tensor_count(found.spec.inputs[0], example_sizes(found)) == count
