"""Arrays and lists of numbers that a model computes with, as tensors."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.layer.constants import read_in_call, tensor_constants
from layergen.layer.facts import Facts
from layergen.source.statements import Assign, Branch, Statement
from layergen.source.written import Written


def constants(facts: Facts) -> Iterator[Statement]:
    """The tensors that stand for them, of the compute dtype where they are floats."""
    for one in tensor_constants(facts, read_in_call(facts)):
        dtype = [facts.scope.fresh("compute_dtype")] if one.floating else []
        arguments = ", ".join([one.name, *(f"dtype={name}" for name in dtype)])
        code = f"ops.convert_to_tensor({arguments})"
        made = Assign(one.name, Written(code, reads=["ops", one.name, *dtype]))
        yield Branch(f"{one.name} is not None", (made,)) if one.optional else made
