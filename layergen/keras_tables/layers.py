"""Questions to the table of layers: `layer("Dense").parameters`, `layer("GRU").seeded`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from layergen.keras_tables import table
from layergen.keras_tables.parameters import Parameter, parameters_of


@dataclass(frozen=True)
class Layer:
    """A class of `keras.layers`, and what surely holds of it as it is made by default.

    `weighted`: it holds variables of its own, made when it is built. `seeded`: it holds
    the state of a random generator. `masking`: it hands the mask of its first input on as
    it is. `single`: it returns one tensor, whose first axis is the input's. `strict`: it
    is weighted, is not built on an unknown last axis, and refuses another one later.
    """

    name: str
    signature: str
    weighted: bool
    seeded: bool
    masking: bool
    single: bool
    strict: bool

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return parameters_of(self.signature)


@cache
def layer(name: str) -> Layer | None:
    """A class of `keras.layers`, None for what is none."""
    row = table.LAYERS.get(name)
    if row is None:
        return None
    signature, facts = row
    has = [
        fact in facts.split()
        for fact in ("weighted", "seeded", "masking", "tensor", "strict")
    ]
    return Layer(name, signature, *has)


def having(fact: str) -> frozenset[str]:
    """The layers of which a fact of the table holds."""
    return frozenset(
        n for n, (_, facts) in table.LAYERS.items() if fact in facts.split()
    )
