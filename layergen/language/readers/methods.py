"""`methods` and `properties` to the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layergen.language.context import Context
from layergen.language.fields import METHOD, PROPERTY, Table
from layergen.language.model import Arg, Method
from layergen.language.readers.args import read_call_args
from layergen.language.readers.code import read_code
from layergen.language.readers.mappings import read_fields, read_names
from layergen.language.readers.parts import read_inputs, read_outputs
from layergen.language.readers.spread import spread
from layergen.language.readers.values import read_text
from layergen.language.yaml.nodes import Mapping, Node, kind_of

READERS: dict[str, Callable[[Node, Context], Any]] = {
    "inputs": read_inputs,
    "args": read_call_args,
    "outputs": read_outputs,
    "forward": lambda node, context: read_code(node, "`forward`", context),
    "reference": lambda node, context: read_code(node, "`reference`", context),
    "doc": lambda node, context: read_text(node, "`doc`", context),
}


def read_methods(
    node: Node, args: tuple[Arg, ...], context: Context
) -> tuple[Method, ...]:
    """The methods that can be read; the names of the others become ghosts."""
    found = []
    for key, value in read_names(node, "methods", ("methods",), context):
        values: dict[str, Any] = {}
        if isinstance(value, Mapping):
            what = f"of the method `{key.text}`"
            values = _values(value, what, METHOD, ("methods", key.text), context)
        else:
            message = f"a method is a mapping, not {kind_of(value)}"
            hint = "as in `{inputs: {h: [batch, dim]}, forward: h @ kernel}`"
            context.add("LG203", value.place, message, hint)
        if values.get("outputs"):
            values["outputs"] = spread(values["outputs"], args, context)
        if values.get("inputs") and values.get("forward"):
            found.append(Method(key.text, place=key.place, **values))
        else:
            context.ghosts.add(key.text)
    return tuple(found)


def read_properties(node: Node, context: Context) -> tuple[Method, ...]:
    """The properties that can be read; the names of the others become ghosts."""
    found = []
    for key, value in read_names(node, "expressions", ("properties",), context):
        if isinstance(value, Mapping):
            what, path = f"of the property `{key.text}`", ("properties", key.text)
            values = _values(value, what, PROPERTY, path, context)
        else:
            code = read_code(value, f"the property `{key.text}`", context)
            values = {"forward": code}
        if values.get("forward"):
            found.append(Method(key.text, place=key.place, **values))
        else:
            context.ghosts.add(key.text)
    return tuple(found)


def _values(
    node: Mapping, what: str, table: Table, path: tuple[str, ...], context: Context
) -> dict[str, Any]:
    inner = context.within(*path)
    inner.places[()] = context.place(*path)
    nodes = read_fields(node, what, table, (), inner)
    found = {key: READERS[key](value, inner) for key, value in nodes.items()}
    context.loose |= inner.loose
    return {key: value for key, value in found.items() if value is not None}
