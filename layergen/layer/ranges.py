"""Integer inputs with a stated range: values outside are named where they can be seen.

A gather with an index out of range gives zeros, garbage or an error, by backend and
device. Eagerly the values are at hand, and the layer looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator

from layergen.language.model import Input
from layergen.layer.facts import Facts
from layergen.source.literals import Message, Shown, message
from layergen.source.statements import (
    Assign,
    Branch,
    Check,
    Statement,
)
from layergen.source.written import Written


def range_checks(facts: Facts) -> Iterator[Statement]:
    """For each integer input with a range, the check that `call` makes eagerly."""
    for tensor in facts.spec.inputs:
        whole = tensor.dtype is not None and "int" in tensor.dtype
        if whole and not tensor.many and not tensor.optional:
            values, beyond = map(facts.scope.fresh, ("values", "outside"))
            conditions = _conditions(facts, tensor, values)
            if conditions:
                seen = f"ops.convert_to_numpy({tensor.name})"
                yield Branch(
                    f'hasattr({tensor.name}, "numpy")',
                    (
                        Assign(values, Written(seen, reads=["ops"])),
                        Assign(beyond, f"{values}[{' | '.join(conditions)}]"),
                        Check(f"{beyond}.size", _said(facts, tensor, beyond)),
                    ),
                )


def _conditions(facts: Facts, tensor: Input, values: str) -> list[str]:
    found = []
    if tensor.min is not None:
        found.append(f"({values} < {_bound(facts, tensor.min)})")
    if tensor.below is not None:
        found.append(f"({values} >= {_bound(facts, tensor.below)})")
    return found if len(found) > 1 else [one.strip("()") for one in found]


def _bound(facts: Facts, bound: int | float | str) -> str:
    return facts.in_method(bound) if isinstance(bound, str) else str(bound)


def _said(facts: Facts, tensor: Input, beyond: str) -> Message:
    low, below = tensor.min, tensor.below
    parts: list[str | Shown] = [Shown("self.name"), f": `{tensor.name}` must be"]
    for word, bound in (("at least", low), ("below", below)):
        if bound is not None:
            joined = " and" if word == "below" and low is not None else ""
            shown = (
                Shown(_bound(facts, bound)) if isinstance(bound, str) else str(bound)
            )
            parts += [f"{joined} {word} ", shown]
    return message(*parts, ". Received: ", Shown(f"{beyond}[:5]"))
