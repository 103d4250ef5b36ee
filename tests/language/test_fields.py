"""The tables of keys: read, described by the schema, and used in the full specs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from layergen.language.fields import (
    ARG,
    CALL_ARG,
    FUNCTION,
    GRADIENT,
    INPUT,
    LAYER,
    METHOD,
    OUTPUT,
    PROPERTY,
    SPEC,
    STATE,
    WEIGHT,
    Table,
)
from layergen.language.readers.tables import READERS
from layergen.language.schema import schema

FULL = [
    yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "full").glob("*.yaml"))
]
ENTRIES = {
    "args": ARG,
    "call_args": CALL_ARG,
    "inputs": INPUT,
    "outputs": OUTPUT,
    "weights": WEIGHT,
    "states": STATE,
    "layers": LAYER,
    "functions": FUNCTION,
    "methods": METHOD,
    "properties": PROPERTY,
}


def keys(table: Table) -> set[str]:
    return {field.key for field in table}


def entry(key: str) -> dict[str, Any]:
    """The schema of the long form of a key's entries."""
    found = schema()["properties"][key]
    for option in found.get("anyOf", [found]):
        found = option.get("patternProperties", found)
    [one] = found.values() if "properties" not in found else [found]
    long: dict[str, Any] = one.get("anyOf", [one])[-1]
    return long


def test_schema_follows_the_fields() -> None:
    found = schema()
    assert list(found["properties"]) == [field.key for field in SPEC]
    assert found["required"] == ["layer", "inputs", "forward"]
    for key, table in ENTRIES.items():
        assert set(entry(key)["properties"]) == keys(table)
    gradient = entry("functions")["properties"]["gradient"]["anyOf"][-1]
    assert set(gradient["properties"]) == keys(GRADIENT)


def test_every_nested_field_is_read() -> None:
    tables = (*ENTRIES.values(), GRADIENT)
    kinds = {field.kind for table in tables for field in table}
    elsewhere = {"type", "literal", "inputs", "call args", "outputs"}
    assert kinds - elsewhere <= set(READERS)


def test_full_specs_use_every_key() -> None:
    assert {key for spec in FULL for key in spec} == keys(SPEC)


@pytest.mark.parametrize("key", ENTRIES)
def test_full_specs_use_every_key_of(key: str) -> None:
    alike = ("args", "call_args") if key == "call_args" else (key,)
    found = [spec.get(one) for spec in FULL for one in alike]
    entries = [one for part in found if isinstance(part, dict) for one in part.values()]
    used = {name for one in entries if isinstance(one, dict) for name in one}
    assert used == keys(ENTRIES[key])
