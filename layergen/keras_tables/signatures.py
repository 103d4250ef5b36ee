"""The parameters of what Keras has, by its name in full: `keras.ops.mean`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from layergen.keras_tables import table
from layergen.keras_tables.layers import layer
from layergen.keras_tables.parameters import Parameter, parameters_of

OPS = ("keras.ops", *(f"keras.ops.{m}" for m in table.OPS_MODULES if m != "image"))
"""Modules whose functions `keras.ops` has too."""

ROWS: dict[str, Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(OPS, table.OPS),
    "keras.ops.image": table.IMAGE,
    "keras.random": table.RANDOM,
    "keras.activations": table.ACTIVATIONS,
    "keras.layers": table.LAYERS,
    "keras.initializers": table.INITIALIZER_CLASSES,
    "keras.regularizers": table.REGULARIZER_CLASSES,
    "keras.constraints": table.CONSTRAINT_CLASSES,
}
"""What each module has: a row for each name, which begins with its signature."""

CLASSES = frozenset(f"keras.{n}s" for n in ("initializer", "regularizer", "constraint"))
"""Modules of what is made and given to a layer."""


@cache
def signature(name: str) -> tuple[Parameter, ...] | None:
    """The parameters of a function or class, None where the tables do not know it.

    Those that a layer takes by `**kwargs` are among them.
    """
    module, _, last = name.rpartition(".")
    if module == "keras.layers":
        found = layer(last)
        return found.accepted if found else None
    row = ROWS.get(module, {}).get(last)
    return parameters_of(row[0]) if row else None


def has(module: str) -> frozenset[str]:
    """The names that a module has, as far as the tables know it."""
    return frozenset(ROWS.get(module, ()))
