"""Names that stand for the same list."""

from __future__ import annotations

import ast

from layergen.forward.analyse import analyse
from layergen.forward.values import Items, Many
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
