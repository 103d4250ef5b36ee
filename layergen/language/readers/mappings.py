"""Mappings read by a table of fields, and mappings from names to entries."""

from __future__ import annotations

import keyword
import re

from layergen.language.collector import Hint, clipped, listing
from layergen.language.context import Context
from layergen.language.fields import OUTSIDE, Table
from layergen.language.yaml.nodes import (
    Mapping,
    Node,
    Scalar,
    is_null,
    kind_of,
)
from layergen.limits import DECLARED
from layergen.nearest import closest, nearest
from layergen.problems import SHOWN

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
Path = tuple[str, ...]


def read_fields(
    node: Mapping, what: str, table: Table, path: Path, context: Context
) -> dict[str, Node]:
    """The values under the table's keys; every other key is a problem.

    A misspelt key is read as the one that it is like, so that what stands under it is
    checked as well; of a spec's unknown keys the first `SHOWN` are.
    """
    known = {field.key: field for field in table}
    written = {key.text for key, _ in node.entries}
    found: dict[str, Node] = {}
    for key, value in node.entries:
        field = known.get(key.text)
        if field is None:
            message = f"unknown key `{clipped(key.text)}`{what and ' ' + what}"
            near = nearest(key.text, known, f"known keys: {listing(known)}")
            hint: Hint = OUTSIDE.get(key.text, near)
            context.add("LG201", key.place, message, hint)
            context.unknown_keys += 1
            is_sought = context.unknown_keys <= SHOWN
            is_sought &= key.text not in OUTSIDE
            meant = closest(key.text, known) if is_sought else ""
            if meant and meant not in written | {*found}:
                context.places[(*path, meant)] = value.place
                found[meant] = value
            else:
                _forgive(value, context)
        else:
            context.places[(*path, key.text)] = value.place
            found[key.text] = value
    for field in table:
        if field.required and field.key not in found:
            subject = what or "of the spec"
            message = f"the key `{field.key}` {subject} is missing"
            context.add("LG202", node.place, message, field.doc)
    return found


def read_names(
    node: Node, what: str, path: Path, context: Context
) -> list[tuple[Scalar, Node]]:
    """The entries of a mapping whose keys are names that the spec declares."""
    if is_null(node):
        return []
    if not isinstance(node, Mapping):
        message = f"`{path[-1]}` maps names to {what}; this is {kind_of(node)}"
        context.add("LG203", node.place, message)
        context.loose = True
        return []
    found = []
    for key, value in declared(node, path[-1], context):
        context.places[(*path, key.text)] = key.place
        if is_identifier(key.text):
            found.append((key, value))
            continue
        message = f"`{clipped(key.text)}` is no name"
        hint = "a name has letters, digits and `_`, and is no Python keyword"
        context.add("LG403", key.place, message, hint)
        context.loose = True
    return found


def declared(
    node: Mapping, field: str, context: Context
) -> tuple[tuple[Scalar, Node], ...]:
    """The entries of a mapping, up to the number that there may be."""
    kept, rest = node.entries[:DECLARED], node.entries[DECLARED:]
    if rest:
        key, _ = rest[0]
        context.add("LG111", key.place, f"more than {DECLARED} entries under `{field}`")
        _forgive(Mapping(rest, key.place), context)
    return kept


def is_identifier(text: str) -> bool:
    return bool(NAME.match(text)) and not keyword.iskeyword(text)


def _forgive(value: Node, context: Context) -> None:
    """Take the names under an entry that was not read for names that may exist."""
    if isinstance(value, Mapping):
        context.ghosts |= {key.text for key, _ in value.entries}
    context.loose = True
