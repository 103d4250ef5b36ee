"""The JSON Schema of a spec, from the same table that the reader follows."""

from __future__ import annotations

from typing import Any

from layergen.keras_tables.names import ACTIVATIONS, DTYPES
from layergen.language.fields import (
    ARG,
    CALL_ARG,
    FUNCTION,
    GRADIENT,
    INPUT,
    LAYER,
    LENGTH,
    METHOD,
    OUTPUT,
    PROPERTY,
    SPEC,
    STATE,
    WEIGHT,
    Table,
)

Schema = dict[str, Any]
NAME = "^(?!_)[A-Za-z_][A-Za-z0-9_]*$"
STORED = "^_?[A-Za-z][A-Za-z0-9_]*$"
"""A name of what the layer stores, which may be private."""
TEXT: Schema = {"type": ["string", "number", "boolean"]}


def schema() -> Schema:
    """The schema of a whole spec."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "layergen spec",
        **_table(SPEC),
    }


def _table(table: Table) -> Schema:
    properties = {f.key: {"description": f.doc} | _kind(f.kind) for f in table}
    return {
        "type": "object",
        "properties": properties,
        "required": [f.key for f in table if f.required],
        "additionalProperties": False,
    }


def _kind(kind: str) -> Schema:
    found = KINDS[kind]
    return dict(found() if callable(found) else found)


def _named(entry: Schema, pattern: str = NAME) -> Schema:
    """A mapping from names to entries."""
    return {
        "type": "object",
        "patternProperties": {pattern: entry},
        "additionalProperties": False,
    }


def _shape() -> Schema:
    dimension = {"type": ["string", "integer"]}
    return {"anyOf": [{"type": "array", "items": dimension}, {"const": "any"}]}


def _tensors(table: Table) -> Schema:
    """One shape, its long form, or names with shapes."""
    one = {"anyOf": [*_shape()["anyOf"], _table(table)]}
    return {"anyOf": [*one["anyOf"], _named(one)]}


CLASS = {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"}
COUNT: Schema = {"type": "integer", "minimum": 0}
KINDS: dict[str, Any] = {
    "class name": CLASS,
    "class names": {"type": "array", "items": CLASS},
    "text": TEXT,
    "block": TEXT,
    "expression": TEXT,
    "type": {"type": "string"},
    "literal": {},
    "flag": {"type": "boolean"},
    "flag or name": {"type": ["boolean", "string"]},
    "name": {"type": "string", "pattern": NAME},
    "number": {"type": "number"},
    "count": COUNT,
    "length": lambda: {"anyOf": [COUNT, _table(LENGTH)]},
    "bound": {"type": ["number", "string"]},
    "maker": {"type": ["string", "null"]},
    "dtype": {"enum": sorted(DTYPES)},
    "activation": {"anyOf": [{"enum": sorted(ACTIVATIONS)}, {"pattern": NAME}]},
    "style": {"enum": ["class", "functional", "both"]},
    "layer kind": {"enum": ["layer", "cell"]},
    "mask": {"type": "string"},
    "aggregation": {"enum": ["mean", "only_first_replica"]},
    "make": {
        "anyOf": [
            TEXT,
            {
                "type": "object",
                "additionalProperties": {"type": ["string", "null"]},
            },
        ]
    },
    "loop": {"type": "string", "pattern": " in "},
    "names": {"type": "array", "items": {"type": "string", "pattern": NAME}},
    "parameters": {"type": "array", "items": {"type": "string", "pattern": NAME}},
    "gradient code": TEXT,
    "gradient": lambda: {"anyOf": [TEXT, _table(GRADIENT)]},
    "shape": _shape,
    "args": lambda: _named({"anyOf": [{"type": "string"}, _table(ARG)]}),
    "call args": lambda: _named({"anyOf": [{"type": "string"}, _table(CALL_ARG)]}),
    "inputs as": {"enum": ["separate", "list", "dict"]},
    "inputs": lambda: _tensors(INPUT),
    "outputs as": {"enum": ["tuple", "list", "dict"]},
    "outputs": lambda: _tensors(OUTPUT),
    "weights": lambda: _named({"anyOf": [*_shape()["anyOf"], _table(WEIGHT)]}, STORED),
    "states": lambda: _named({"anyOf": [*_shape()["anyOf"], _table(STATE)]}, STORED),
    "layers": lambda: _named({"anyOf": [TEXT, _table(LAYER)]}, STORED),
    "methods": lambda: _named(_table(METHOD)),
    "properties": lambda: _named({"anyOf": [TEXT, _table(PROPERTY)]}),
    "functions": lambda: _named(_table(FUNCTION)),
    "derived": lambda: _named(TEXT),
    "require": {"type": "object", "additionalProperties": TEXT},
    "example": lambda: _named({}),
}
