"""Whom a gradient can reach, read from forward alone."""

import pytest

from layergen.layer.facts import Facts
from layergen.layer.gradient_flow import has_no_gradient, unreached_inputs
from layergen.loading import read_spec

SPEC = """\
layer: Gated
args: {{rounds: int = 2}}
inputs: {{x: [batch, d], gate: [batch, d]}}
weights: {{gain: [d]}}
functions:
  hard: {{args: [value], forward: "ops.cast(value > 0, value.dtype)"}}
  soft: {{args: [value], forward: ops.sigmoid(value)}}
  steep:
    args: [value]
    forward: ops.round(value)
    gradient: upstream
forward: |
{forward}
"""


def facts(forward):
    lines = "\n".join(f"  {line}" for line in forward.split("\n"))
    reading = read_spec(SPEC.format(forward=lines), "gated.yaml")
    assert reading.spec, reading.problems
    return Facts(reading.spec)


@pytest.mark.parametrize(
    ("forward", "unreached"),
    [
        ("return x * gate * gain", ()),
        ("return ops.where(gate > 0, x * gain, x)", ("gate",)),
        ("return x * gain * hard(gate)", ("gate",)),
        ("return x * gain * soft(gate)", ()),
        ("open = ops.round(gate)\nreturn x * gain * open", ("gate",)),
        ("gate = ops.floor(gate)\ngate = gate * x\nreturn gate * gain", ("gate",)),
        ("return x * gain + ops.zeros_like(gate)", ("gate",)),
        ('return x * gain * ops.cast(gate, "int32")', ("gate",)),
        ("return x * gain * ops.cast(gate, x.dtype)", ()),
        ("y = x\nif training:\n    y = y + gate\nreturn y * gain", ()),
        (
            "y = x\nfor _ in range(2):\n    y, gate = gate, y\nreturn y * gain",
            ("gate",),
        ),
        ("y = x\nfor _ in range(3):\n    y, gate = gate, y\nreturn y * gain", ("x",)),
        ("y = x\nfor _ in range(rounds):\n    y, gate = gate, y\nreturn y * gain", ()),
        ("return x * gain if training else gate", ()),
        ("return x * gain, gate > 0", ("gate",)),
        ("return x * gain, ops.argmax(gate, axis=-1)", ("gate",)),
        ("return x * gain + ops.map(lambda row: ops.floor(row), gate)", ("gate",)),
        ("return x * gain + ops.map(lambda row: row * 2, gate)", ()),
        ("return ops.take(x * gain, ops.argsort(gate), axis=0)", ("gate",)),
        ("return ops.stop_gradient(gate) + x * gain", ("gate",)),
        ("return steep(gate) + x * gain", ()),
        ("def scaled(v):\n    return v * gain\nreturn scaled(x)", ("gate",)),
        ("return x * gain // 1.0 + gate", ("x",)),
        ("return x * gain + ops.full_like(gate, 2.0)", ("gate",)),
        ("return x * gate.shape[-1] * gain", ("gate",)),
        ("shift = lambda v: v + gate\nreturn shift(x) * gain", ()),
    ],
)
def test_unreached_inputs(forward, unreached):
    assert unreached_inputs(facts(forward)) == unreached


@pytest.mark.parametrize(
    ("forward", "nothing"),
    [
        ("return x + gate * gain", False),
        ("return ops.round(x + gate + gain)", True),
        ("return ops.round(x + gate) * gain", False),
        ("return x + ops.stop_gradient(ops.round(x) - x) + gate * gain", True),
    ],
)
def test_has_no_gradient(forward, nothing):
    assert has_no_gradient(facts(forward)) is nothing
