"""Names that stand for the same list."""

from __future__ import annotations

import ast

from layergen.forward.analyse import analyse
from layergen.forward.values import Items, Many, Maybe, Nothing, Tensor
from layergen.loading import read_spec

SPEC = """\
layer: Made
inputs: [batch, features]
forward: |
  parts = []
  same = parts
  other = []
  parts.append(x)
  return ops.stack(same), other
"""


def test_a_list_of_two_names_gets_an_item_under_both() -> None:
    spec = read_spec(SPEC, "made.yaml").spec
    assert spec is not None
    analysis = analyse(spec)
    last = {
        node.id: analysis.at(node)
        for node in spec.forward.nodes
        if isinstance(node, ast.Name) and node.id in ("same", "other")
        if isinstance(node.ctx, ast.Load)
    }
    assert isinstance(last["same"], Many) and last["same"].some
    assert last["other"] == Items(())


OPTIONAL = """\
layer: Made
inputs:
  x: [batch, features]
  y: {shape: [batch, features], optional: true}
forward: |
  if y is None:
    return x + (0 if y is None else 1)
  if (found := y) is not None:
    return x + found
  return x
"""


def test_what_a_condition_says_of_a_local_name_holds_in_its_branch() -> None:
    spec = read_spec(OPTIONAL, "made.yaml").spec
    assert spec is not None
    analysis = analyse(spec)
    read = {
        (node.lineno, node.id): analysis.at(node)
        for node in spec.forward.nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert isinstance(read[1, "y"], Maybe) and isinstance(read[2, "y"], Nothing)
    assert isinstance(read[3, "y"], Tensor) and isinstance(read[4, "found"], Tensor)
