"""What code has from modules: held to what Python gives."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from layergen.forward.analyse import analyse
from layergen.forward.values import (
    Items,
    Many,
    Module,
    Nothing,
    Number,
    Tensor,
    Text,
    Value,
)
from layergen.loading import read_spec

GIVEN: dict[str, Any] = {"itertools": itertools, "math": math, "np": np, "n": 3}

CODES = [
    "math.pi",
    "math.tau",
    "math.inf",
    "np.e",
    "np.newaxis",
    "2 * math.pi",
    "itertools.product([1, 2], (3, 4.5))",
    "itertools.product(range(3), repeat=2)",
    "itertools.product(range(n), range(2))",
    "itertools.pairwise([1, 2, 3])",
    "itertools.pairwise(range(n))",
    "itertools.combinations([1, 2.5, True], 2)",
    "itertools.combinations(range(n), 2)",
    "itertools.combinations(range(40), 3)",
    "itertools.permutations(range(n), 2)",
    "itertools.permutations([1, 2])",
    "itertools.combinations_with_replacement(range(n), 2)",
    "itertools.chain([1], [2, 3])",
    "itertools.chain(range(n), [1])",
    "itertools.zip_longest([1], [2, 3])",
    "itertools.product()",
    "itertools.repeat(2.0, 3)",
]


def holds(value: Value, real: Any) -> bool:
    """Whether something may be what is said."""
    match value:
        case Number(type=kind, value=known):
            return kind in ("", type(real).__name__) and known in (None, real)
        case Items(items=items):
            real = [*real]
            pairs = zip(items, real, strict=False)
            return len(items) == len(real) and all(holds(*pair) for pair in pairs)
        case Many(element=element):
            return all(holds(element, one) for one in real)
        case Nothing():
            return real is None
        case Module() | Tensor() | Text():
            return False
    return True


@pytest.mark.parametrize("code", CODES)
def test_values(code: str) -> None:
    spec = read_spec(
        f"""\
layer: Lists
args: {{n: int}}
inputs: [batch, features]
imports: |
  import itertools
  import numpy as np
forward: |
  found = {code}
  return x
""",
        "lists.yaml",
    ).spec
    assert spec is not None
    [node] = [one for one in spec.forward.body if hasattr(one, "targets")]
    value = analyse(spec).at(node.value)  # type: ignore[attr-defined]
    assert holds(value, eval(code, dict(GIVEN))), value


@pytest.mark.parametrize(
    "code", ["x * math.pi", "x * tau", "x + keras.config.epsilon()"]
)
def test_beside_tensors(code: str) -> None:
    text = "layer: A\ninputs: [batch, d]\nimports: from math import tau\n"
    spec = read_spec(text + f"forward: {code}\n", "a.yaml").spec
    assert spec is not None
    value = analyse(spec).at(spec.forward.expression)
    assert isinstance(value, Tensor)
    assert (str(value.shape), value.dtype) == ("(batch, d)", "compute")
