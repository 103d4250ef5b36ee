"""Questions to the table of layers: `layer("Dense").parameters`, `layer("GRU").seeded`."""

from __future__ import annotations

from functools import cache, cached_property

from msgspec import Struct

from layergen.keras_tables import table
from layergen.keras_tables.parameters import Parameter, parameters_of


class Layer(Struct, frozen=True, dict=True):
    """A class of `keras.layers`, and what surely holds of it as it is made by default.

    `buildless`: building it makes nothing, whatever it is given. `weighted`: it holds variables of its own, made when it is built. `seeded`: it holds
    the state of a random generator. `masking`: it hands the mask of its first input on as
    it is. `single`: it returns one tensor, whose first axis is the input's. `strict`: it
    is weighted, is not built on an unknown last axis, and refuses another one later.

    `further` is what `**kwargs` takes beside the names of the base class: `-name` is one
    of those that it does not take, `...` anything.
    """

    name: str
    signature: str
    buildless: bool
    weighted: bool
    seeded: bool
    masking: bool
    single: bool
    strict: bool
    further: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return parameters_of(self.signature)

    @cached_property
    def accepted(self) -> tuple[Parameter, ...]:
        """The parameters, with what `**kwargs` takes where that is known."""
        own = self.parameters
        if not own or own[-1].how != "**" or self.further == "...":
            return own
        names = {one.name for one in own}
        names |= {n[1:] for n in self.further.split(", ") if n.startswith("-")}
        more = [n for n in self.further.split(", ") if n and not n.startswith("-")]
        by_name = [Parameter(n, "None", "name") for n in (*more, *OF_EVERY_LAYER)]
        return (*own[:-1], *(one for one in by_name if one.name not in names))

    def takes(self, name: str) -> bool:
        """Whether it takes an argument of this name."""
        return any(one.name == name or one.how == "**" for one in self.accepted)


OF_EVERY_LAYER = (
    *(p.name for p in parameters_of(table.LAYERS["Layer"][0]) if p.how == "name"),
    *(name for name, how in table.LAYER_NAMES.items() if how == "parameter"),
)
"""What every layer takes by name, unless it says otherwise."""


FACTS = {
    name: "tensor" if name == "single" else name
    for name in ("buildless", "weighted", "seeded", "masking", "single", "strict")
}


@cache
def layer(name: str) -> Layer | None:
    """A class of `keras.layers`, None for what is none."""
    row = table.LAYERS.get(name)
    if row is None:
        return None
    signature, facts, further = row
    held = {attribute: fact in facts.split() for attribute, fact in FACTS.items()}
    return Layer(name, signature, **held, further=further)


def having(fact: str) -> frozenset[str]:
    """The layers of which a fact of the table holds."""
    return frozenset(
        n for n, (_, facts, _) in table.LAYERS.items() if fact in facts.split()
    )
