"""Which initializers, regularizers and constraints are arguments of the constructor."""

from __future__ import annotations

from layergen.language.dims import dimensions
from layergen.language.model import Maker, Spec, State, Weight

ROLES = ("initializer", "regularizer", "constraint")


def argument_name(variable: str, role: str) -> str:
    """What the argument is called: of a private `_scale` it is `scale_initializer`."""
    return f"{variable.lstrip('_')}_{role}"


def exposes(spec: Spec, variable: Weight | State, role: str) -> bool:
    """Whether the constructor has an argument `<weight>_<role>`.

    It has none for what the spec fixes, for what is an argument of another name, and for
    a call that uses what only build knows.
    """
    maker: Maker | None = getattr(variable, role, None)
    if not variable.expose:
        return False
    if maker is None:
        return role == "initializer"
    if maker.code is None:
        return maker.kind != "argument"
    late = dimensions(spec) | {derived.name for derived in spec.derived}
    return not any(free.id in late for free in maker.code.names.free)
