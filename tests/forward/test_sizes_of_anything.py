"""Sizes of tensors of which no shape is known."""

from __future__ import annotations

import ast

import pytest

from layergen.forward.analyse import analyse
from layergen.loading import read_spec


@pytest.mark.parametrize("what", ["inner(x)", "ops.reshape(x, inner(x))"])
def test_a_size_that_is_asked_for_late_is_cast_beside_floats(what: str) -> None:
    text = "layer: A\nargs: {inner: Layer}\ninputs: [batch, d]\n"
    text += "imports: from package import imported\n"
    text += f"forward: x / ops.shape({what})[1]\n"
    spec = read_spec(text, "a.yaml").spec
    assert spec is not None
    casts = {ast.unparse(one): to for one, to in analyse(spec).casts.items()}
    assert casts == {f"ops.shape({what})[1]": "compute"}
