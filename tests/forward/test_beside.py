"""What the analysis says of code that stands beside `forward`."""

from __future__ import annotations

import ast

import pytest

from layergen.forward.analyse import Forward, analyse
from layergen.forward.values import UNKNOWN, Number, Tensor, Value
from layergen.language.model import Spec
from layergen.loading import read_spec
from layergen.source.code import Code
from layergen.source.trees import nodes

SPEC = """\
layer: A
args: {units: int, flag: bool}
inputs: [batch, time, d]
weights: {w: [d, units]}
derived: {half: 'x.shape[-1] // 2'}
require: {units > half: too few}
mask: |
  seen = ops.cast(mask, x.dtype)
  return ops.any(seen[:, :, None] * x > 0, axis=-1)
functions:
  gate:
    args: [a, bound]
    forward: |
      kept = ops.maximum(a, bound)
      return kept * 2
    gradient: |
      d_a = upstream * kept
      d_bound = ops.sum(d_a)
  slope:
    args: [a]
    forward: a * 2
    gradient: upstream * 2
forward: |
  y = gate(x, 3.0) @ w
  if flag:
    y = gate(y, 0)
  return y
"""
WHOLE = """\
layer: A
inputs: [batch, d]
weights: {w: [d, 3]}
forward: |
  y = x @ w
  return y * 2
gradient: |
  d_x = upstream @ ops.transpose(w)
  d_w = ops.transpose(x) @ (upstream * y)
"""


def analysed(text: str) -> tuple[Spec, Forward]:
    spec = read_spec(text, "a.yaml").spec
    assert spec is not None
    return spec, analyse(spec)


def shown(analysis: Forward, code: Code | None, text: str) -> str:
    """What an expression of some code may be, where it is a tensor or a number."""
    assert code is not None
    [*found] = (
        analysis.at(node)
        for node in nodes(code.body)
        if isinstance(node, ast.expr) and ast.unparse(node) == text
    )
    return _shown(found[-1])


def _shown(value: Value) -> str:
    match value:
        case Tensor(shape=tuple() as shape, dtype=dtype):
            return f"{dtype} {', '.join(map(str, shape))}"
        case Number(type=kind, value=size):
            return f"{kind} {size}"
    return type(value).__name__


@pytest.mark.parametrize(
    ("whose", "text", "expected"),
    [
        ("derived", "x.shape[-1] // 2", "int (d // 2)"),
        ("require", "units > half", "bool None"),
        ("mask", "seen", "compute batch, time"),
        ("mask", "seen[:, :, None] * x", "compute batch, time, d"),
        # Both calls of `gate` together.
        ("gate", "kept", "compute batch, time, None"),
        ("gate", "upstream", "compute batch, time, None"),
        # Nothing calls it.
        ("slope", "upstream", "Tensor"),
    ],
)
def test_code_beside_forward(whose: str, text: str, expected: str) -> None:
    spec, analysis = analysed(SPEC)
    assert isinstance(spec.mask, Code)
    pieces = {
        "derived": spec.derived[0].code,
        "require": spec.require[0].condition,
        "mask": spec.mask,
    }
    pieces |= {one.name: one.gradient.code for one in spec.functions if one.gradient}  # type: ignore[misc]
    assert shown(analysis, pieces[whose], text) == expected


def test_the_gradient_of_a_layer_sees_the_locals_of_forward() -> None:
    spec, analysis = analysed(WHOLE)
    assert spec.gradient is not None
    code = spec.gradient.code
    assert shown(analysis, code, "y") == "compute batch, 3"
    assert shown(analysis, code, "upstream @ ops.transpose(w)") == "compute batch, d"
    assert shown(analysis, code, "ops.transpose(x) @ (upstream * y)") == "compute d, 3"


def test_what_gradients_cast_is_kept() -> None:
    text = "layer: A\ninputs: [batch, time, d]\n"
    text += (
        "functions:\n  f: {args: [a], forward: a * 2, gradient: 'upstream * GIVEN'}\n"
    )
    text += "forward: f(x)\n"
    for given, casts, supplied in (
        ("ops.shape(a)[1]", 1, 0),
        ("(a > 0)", 1, 0),
        ("ops.arange(3.0)", 0, 1),
        ('ops.cast(a, "float64")', 0, 0),
    ):
        spec, analysis = analysed(text.replace("GIVEN", given))
        assert (len(analysis.casts), len(analysis.supplied)) == (casts, supplied)
        assert not analysis.faults
        code = spec.functions[0].gradient.code  # type: ignore[union-attr]
        assert code is not None
        assert analysis.at(code.expression) != UNKNOWN


def test_nothing_is_cast_in_a_mask() -> None:
    text = "layer: A\ninputs: [batch, time, d]\nforward: x\n"
    text += "mask: mask & (ops.sum(x, axis=-1) * time > 0)\n"
    assert not analysed(text)[1].casts
