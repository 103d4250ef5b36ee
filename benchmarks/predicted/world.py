"""The spec whose code is drawn, and what its names stand for when it runs."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from layergen.language.collector import Collector
from layergen.language.context import Context
from layergen.language.model import Spec
from layergen.language.readers.spec import read
from layergen.source.code import Code

TEXT = """\
layer: Drawn
doc: Runs code that was drawn.
args:
  units: int
  depth: {type: int, default: 2, min: 1}
  rate: float = 0.5
  power: int = 2
  flag: bool = True
  mode: Literal["sum", "mean"] = "mean"
  cut: int | None = None
  sizes: Shape = (2, 3)
inputs:
  x: [batch, time, features]
  s: [batch, features]
  z: [..., features]
  q: [batch, _, features]
  n: {shape: [batch, time], dtype: int32}
  f: {shape: [batch, time], dtype: bool}
  image: [batch, height, width, channels]
  c: {shape: [batch, features], optional: true}
  parts: {shape: [batch, features], many: count}
outputs: any
derived:
  double: 2 * units
  half: units / 2
weights:
  kernel: [features, units]
  bias: [units]
  square: [features, features]
layers:
  dense: Dense(units)
  norm: LayerNormalization()
  hidden: {make: Dense(units), for: _ in range(depth)}
  recurrent: GRU(units, return_sequences=True)
  dropped: Dropout(rate)
functions:
  twice: {args: [a], forward: a * 2}
  scaled: {args: [a, factor], forward: a * factor}
  swished:
    args: [a]
    forward: |
      gate = ops.sigmoid(a)
      return a * gate
activation: tanh
forward: x
"""

POLICIES = {
    "float32": "float32",
    "mixed_float16": "float16",
    "mixed_bfloat16": "bfloat16",
    "float64": "float64",
}
"""The precisions, each with the dtype that a layer then computes in."""


@dataclass(frozen=True)
class Sizes:
    """What a run's names of sizes stand for, and whether an optional input is given."""

    batch: int
    time: int
    features: int
    units: int
    depth: int
    rest: tuple[int, ...]
    unnamed: int
    optional: bool

    @property
    def numbers(self) -> dict[str, Any]:
        named = {"batch": self.batch, "time": self.time, "features": self.features}
        image = {"height": 8, "width": 10, "channels": 3}
        return named | image | {"units": self.units, "depth": self.depth, "count": 2}


SIZES = (
    Sizes(2, 3, 4, 5, 2, (2, 3), 6, True),
    Sizes(3, 2, 6, 7, 1, (4,), 5, False),
    Sizes(5, 7, 4, 3, 3, (2, 1, 3), 2, True),
)


@cache
def spec() -> Spec:
    context = Context(Collector("drawn.yaml", TEXT))
    found = read(TEXT, "drawn.yaml", None, "class", context)
    assert (
        found is not None and not context.problems.problems
    ), context.problems.problems
    return found


def with_code(text: str) -> Spec:
    """The spec with other code."""
    base = spec()
    lines = base.forward.lines * (text.count("\n") + 1)
    return replace(base, forward=Code(text, lines))


def shapes(sizes: Sizes) -> dict[str, tuple[tuple[int, ...], str]]:
    """The shape of each input and weight, and its dtype."""
    b, t, f, u = sizes.batch, sizes.time, sizes.features, sizes.units
    return {
        "x": ((b, t, f), ""),
        "s": ((b, f), ""),
        "z": ((*sizes.rest, f), ""),
        "q": ((b, sizes.unnamed, f), ""),
        "n": ((b, t), "int32"),
        "f": ((b, t), "bool"),
        "image": ((b, 8, 10, 3), ""),
        "c": ((b, f), ""),
        "part_0": ((b, f), ""),
        "part_1": ((b, f), ""),
        "kernel": ((f, u), ""),
        "bias": ((u,), ""),
        "square": ((f, f), ""),
    }


OPEN = {"x": 2, "s": 1, "z": 1, "q": 2, "n": 2, "f": 2, "image": 1, "c": 1}
"""How many of an input's first axes are open where it is symbolic."""


def arguments(sizes: Sizes) -> dict[str, Any]:
    """The values of the constructor's arguments, and what follows from them."""
    return {
        "units": sizes.units,
        "depth": sizes.depth,
        "rate": 0.5,
        "power": 2,
        "flag": True,
        "mode": "mean",
        "cut": None,
        "sizes": (2, 3),
        "double": 2 * sizes.units,
        "half": sizes.units / 2,
        "training": False,
    }


def body(spec: Spec) -> list[ast.stmt]:
    """The statements of a spec's code."""
    code = spec.forward
    return [ast.Return(value=code.expression)] if code.is_expression else code.body
