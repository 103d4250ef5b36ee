"""The module that holds what was probed: a line for each function and class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import keras

from layergen.keras_tables.probe.classes import class_rows, identifiers, layer_rows
from layergen.keras_tables.probe.dtypes import promotion
from layergen.keras_tables.probe.functions import probed
from layergen.keras_tables.probe.names import (
    backend_names,
    dtype_names,
    layer_names,
    module_names,
    private_names,
    tracked_names,
)
from layergen.keras_tables.probe.signatures import signature_text

HEAD = '''"""What the installed Keras has, as `python -m layergen.keras_tables.probe` found it.

That command writes this module; nobody edits it. `operations.py` and `layers.py` say
what the rows mean.
"""

# fmt: off

'''
Rows = Mapping[str, tuple[str, ...]]


def table() -> str:
    """The text of the module."""
    parts = [f"KERAS = {quoted('.'.join(keras.__version__.split('.')[:2]))}\n"]
    for name, module in FUNCTIONS.items():
        rows = {n: function_row(f) for n, f in functions_of(module).items()}
        parts.append(_rows(name, rows))
    parts.append(_rows("LAYERS", layer_rows()))
    for name, module in CLASSES.items():
        parts.append(_rows(f"{name}_CLASSES", class_rows(module)))
        parts.append(_lines(f"{name}_IDENTIFIERS", identifiers(module)))
    activations = {
        name: (signature_text(keras.activations.get(name)),)
        for name in identifiers(keras.activations)
    }
    parts.append(_rows("ACTIVATIONS", activations))
    parts.append(_mapping("LAYER_NAMES", layer_names()))
    parts.append(_lines("LAYER_PRIVATE", private_names()))
    parts.append(_lines("LAYER_TRACKED", tracked_names()))
    parts.append(_lines("BACKEND", backend_names()))
    parts.append(_mapping("MODULES", module_names()))
    parts.append(_lines("DTYPES", dtype_names()))
    parts.append(_lines("OPS_MODULES", modules_of(keras.ops)))
    parts.append(_promotion())
    return HEAD + "\n".join(parts)


FUNCTIONS: dict[str, ModuleType] = {
    "OPS": keras.ops,
    "IMAGE": keras.ops.image,
    "RANDOM": keras.random,
}
CLASSES: dict[str, ModuleType] = {
    "INITIALIZER": keras.initializers,
    "REGULARIZER": keras.regularizers,
    "CONSTRAINT": keras.constraints,
}


def functions_of(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The public functions of a module; what of them is a class draws nothing."""
    names = (name for name in sorted(dir(module)) if not name.startswith("_"))
    found = {name: getattr(module, name) for name in names}
    return {n: f for n, f in found.items() if callable(f) and not isinstance(f, type)}


def modules_of(module: ModuleType) -> list[str]:
    names = (name for name in sorted(dir(module)) if not name.startswith("_"))
    return [n for n in names if isinstance(getattr(module, n), ModuleType)]


def function_row(function: Callable[..., Any]) -> tuple[str, ...]:
    """A function as one line of the table holds it."""
    return probed(function).row


def quoted(text: str) -> str:
    """Text as Black writes it."""
    double = '"' in text and "'" not in text
    return repr(text) if double else '"' + repr("'" + text)[2:-1] + '"'


def _rows(name: str, rows: Rows) -> str:
    lines = [
        f"    {quoted(key)}: {_tuple(row)},\n" for key, row in sorted(rows.items())
    ]
    return f"{name} = {{\n{''.join(lines)}}}\n"


def _tuple(row: tuple[str, ...]) -> str:
    inner = ", ".join(map(quoted, row))
    return f"({inner},)" if len(row) == 1 else f"({inner})"


def _mapping(name: str, found: Mapping[str, str]) -> str:
    lines = [f"    {quoted(k)}: {quoted(v)},\n" for k, v in sorted(found.items())]
    return f"{name} = {{\n{''.join(lines)}}}\n"


def _lines(name: str, found: Any) -> str:
    lines = [f"    {quoted(one)},\n" for one in sorted(found)]
    return f"{name} = (\n{''.join(lines)})\n"


def _promotion() -> str:
    lines = []
    for one, row in promotion().items():
        pairs = ", ".join(f"{quoted(a)}: {quoted(b)}" for a, b in row.items())
        lines.append(f"    {quoted(one)}: {{{pairs}}},\n")
    return f"PROMOTION = {{\n{''.join(lines)}}}\n"
