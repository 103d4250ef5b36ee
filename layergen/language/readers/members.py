"""`layers` and `functions` to the model."""

from __future__ import annotations

from typing import Any

from layergen.language.context import Context
from layergen.language.fields import FUNCTION, LAYER
from layergen.language.model import Arg, Function, Sublayer
from layergen.language.readers.choices import (
    Choice,
    read_choice,
    with_condition,
)
from layergen.language.readers.code import read_expression
from layergen.language.readers.mappings import read_names
from layergen.language.readers.tables import read_values
from layergen.language.yaml.nodes import Mapping, Node, kind_of


def read_layers(
    node: Node, args: tuple[Arg, ...], context: Context
) -> tuple[Sublayer, ...]:
    """The sublayers that can be read; the names of the others become ghosts."""
    found = []
    for key, value in read_names(node, "layers", ("layers",), context):
        what, path = f"the layer `{key.text}`", ("layers", key.text)
        values = {}
        if isinstance(value, Mapping):
            values = read_values(value, f"of {what}", LAYER, path, context)
            context.places[path] = key.place
            values["loop"] = values.pop("for", None)
            values = _chosen(value, values, key.text, args, context)
        elif code := read_expression(value, what, context):
            values |= _of_choice(with_condition(code), values)
        if "make" in values:
            found.append(Sublayer(key.text, place=key.place, **values))
        else:
            context.ghosts.add(key.text)
    return tuple(found)


def _chosen(
    node: Mapping,
    values: dict[str, Any],
    name: str,
    args: tuple[Arg, ...],
    context: Context,
) -> dict[str, Any]:
    """The same with `make` read, which may rest on `by`."""
    make, by = node.get("make"), values.pop("by", None)
    choice: Choice | None = None
    if isinstance(make, Mapping):
        if by is None:
            message = f"what makes the layer `{name}` is looked up by an argument"
            hint = "name it: `by: norm`"
            context.add("LG226", make.place, message, hint)
        elif values.get("when") is not None:
            message = f"the layer `{name}` has both `by` and `when`"
            hint = "write null for the values where there is none"
            context.add("LG226", context.place("layers", name, "when"), message, hint)
        else:
            choice = read_choice(make, by, name, args, context)
    elif by is not None:
        message = f"the layer `{name}` has `by`, and `make` maps no values to layers"
        context.add("LG226", context.place("layers", name, "by"), message)
    elif (code := values.get("make")) is not None:
        apart = values.get("when") is None and values["loop"] is None
        choice = with_condition(code) if apart else Choice(code)
    return values | _of_choice(choice, values) if choice else values


def _of_choice(choice: Choice, values: dict[str, Any]) -> dict[str, Any]:
    return {"make": choice.make, "when": choice.when or values.get("when")}


def read_functions(node: Node, context: Context) -> tuple[Function, ...]:
    """The functions that can be read; the names of the others become ghosts."""
    found = []
    for key, value in read_names(node, "functions", ("functions",), context):
        path, what = ("functions", key.text), f"of the function `{key.text}`"
        values = {}
        if isinstance(value, Mapping):
            values = read_values(value, what, FUNCTION, path, context)
            context.places[path] = key.place
        else:
            message = f"a function is a mapping, not {kind_of(value)}"
            hint = "as in `{args: [x], forward: ops.tanh(x)}`"
            context.add("LG203", value.place, message, hint)
        if "args" in values and "forward" in values:
            found.append(Function(key.text, place=key.place, **values))
        else:
            context.ghosts.add(key.text)
    return tuple(found)
