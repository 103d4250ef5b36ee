"""The checks that layers given as arguments come built where they must."""

from __future__ import annotations

from collections.abc import Iterator

from layergen.language.given import VARIABLES, waited_for
from layergen.layer.facts import Facts
from layergen.source.literals import Shown, literal, message
from layergen.source.statements import Check, Statement


def built_checks(facts: Facts) -> Iterator[Statement]:
    """The checks of `build` that what is read of given layers is there."""
    for name, arg in facts.args.items():
        waited = waited_for(facts.spec, name)
        if not waited:
            continue
        layer = facts.in_method(name)
        condition = f"not {layer}.built"
        if not any("." in one or one in VARIABLES for one in waited):
            condition += f" and {_missing(layer, waited)}"
        if arg.type.optional:
            condition = f"{layer} is not None and {condition}"
        read = " and ".join(f"`{attribute}`" for attribute in waited)
        said = f": `{name}` must be built before, for the layer reads {read} of it. "
        shown = Shown("self.name"), f"{said}Received: {name}=", Shown(layer)
        yield Check(condition, message(*shown))


def _missing(layer: str, attributes: tuple[str, ...]) -> str:
    if len(attributes) == 1:
        return f"getattr({layer}, {literal(attributes[0])}, None) is None"
    names = literal(attributes)
    return f"any(getattr({layer}, name, None) is None for name in {names})"
