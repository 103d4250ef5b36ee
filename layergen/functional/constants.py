"""Arrays and lists of numbers that a model computes with, as tensors."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.layer.constants import tensor_constants
from layergen.layer.facts import Facts
from layergen.source.statements import Assign, Branch, Statement


def constants(facts: Facts) -> Iterator[Statement]:
    """The tensors that stand for them, of the compute dtype where they are floats."""
    read = facts.reads(facts.spec.forward)
    for name, text in tensor_constants(facts, read):
        compute_dtype = facts.scope.fresh("compute_dtype")
        dtype = f", dtype={compute_dtype}" if "self.compute_dtype" in text else ""
        made = Assign(name, f"ops.convert_to_tensor({name}{dtype})")
        arg = facts.args.get(name)
        if arg is not None and arg.type.optional:
            yield Branch(f"{name} is not None", (made,))
        else:
            yield made
