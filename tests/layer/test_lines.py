"""Parentheses that hold the lines of a value together stay wherever a value goes."""

from __future__ import annotations

import ast

import pytest

from layergen.loading import read_spec
from layergen.rendering import laid_out

# Each as it stands on one line, and on several.
VALUES = {
    "sum": ("x + 1.0", "(\n    # why = so\n    x\n    + 1.0  # one more\n)"),
    "dotted": ("ops.sin(x)", "(\n    ops\n    .sin(x)\n)"),
    "product": ("x @ kernel", "(\n    x\n    @ kernel\n)"),
    "either": (
        "(x if training else x + 1)",
        "(\n    x\n    if training\n    else x + 1\n)",
    ),
    "item": ("[x, x][0]", "(\n    [x, x]\n    [0]\n)"),
}
OUTPUTS = "outputs: {a: [batch, f], b: [batch, f]}"
LEFT_OUT = "outputs: {a: [batch, f], b: {shape: [batch, f], when: flag}}"
PLACES = {
    "local variable": ("", "y = {}\nreturn x + y"),
    "added to one": ("", "y = x * 2\ny += {}\nreturn x + y"),
    "multiplied with one": ("", "y = x * 2\ny @= kernel\ny *= {}\nreturn x + y"),
    "state": ("", "t = {}\nreturn x + t"),
    "state in place": ("", "t = {}\nreturn x"),
    "state behind a condition": ("", "if training: t = {}\nreturn x + t"),
    "state in parentheses": ("", "(t) = {}\nreturn x + t"),
    "two names": ("", "t = y = {}\nreturn x + y + t"),
    "added to a state": ("", "t += {}\nreturn x + t"),
    "added to a state in place": ("", "t += {}\nreturn x"),
    "returned": ("", "return {}"),
    "activated": ("activation: relu", "return {}"),
    "outputs": (OUTPUTS, "return {}, {}"),
    "list of outputs": (f"{OUTPUTS}\noutputs_as: list", "return {}, {}"),
    "dict of outputs": (f"{OUTPUTS}\noutputs_as: dict", "return {}, {}"),
    "output left out": (LEFT_OUT, "return {}, {}"),
    "output left out of a dict": (f"{LEFT_OUT}\noutputs_as: dict", "return {}, {}"),
    "loss": ("", "add_loss(ops.sum({}))\nreturn x"),
    "inner function": ("", "def g(x):\n    y = {}\n    return y\nreturn g(x)"),
}
SPEC = """\
layer: It
args: {{flag: bool = True}}
inputs: [batch, f]
weights: {{kernel: [f, f]}}
states: {{t: {{shape: [batch, f]}}}}
{}
forward: |
{}
"""


def tree(keys: str, code: str, value: str) -> str:
    lines = "".join(f"  {one}\n" for one in code.replace("{}", value).splitlines())
    reading = read_spec(SPEC.format(keys, lines), "it.yaml")
    assert reading.spec, reading.problems
    return ast.dump(ast.parse(laid_out(reading.spec)["it.py"]))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("place", PLACES)
def test_lines_change_nothing(place: str, value: str) -> None:
    one, several = (tree(*PLACES[place], text) for text in VALUES[value])
    assert one == several


def test_a_walrus_keeps_its_parentheses() -> None:
    for place in ("state", "state behind a condition", "two names"):
        assert "NamedExpr" in tree(*PLACES[place], "(z := x + 1.0)")
