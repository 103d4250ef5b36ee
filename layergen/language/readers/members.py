"""`layers` and `functions` to the model."""

from __future__ import annotations

from layergen.language.context import Context
from layergen.language.fields import FUNCTION, LAYER
from layergen.language.model import Function, Sublayer
from layergen.language.readers.code import read_expression
from layergen.language.readers.mappings import read_names
from layergen.language.readers.tables import read_values
from layergen.language.yaml.nodes import Mapping, Node, kind_of


def read_layers(node: Node, context: Context) -> tuple[Sublayer, ...]:
    """The sublayers that can be read; the names of the others become ghosts."""
    found = []
    for key, value in read_names(node, "layers", ("layers",), context):
        what, path = f"the layer `{key.text}`", ("layers", key.text)
        values = {}
        if isinstance(value, Mapping):
            values = read_values(value, f"of {what}", LAYER, path, context)
            context.places[path] = key.place
            values["loop"] = values.pop("for", None)
        elif code := read_expression(value, what, context):
            values["make"] = code
        if "make" in values:
            found.append(Sublayer(key.text, place=key.place, **values))
        else:
            context.ghosts.add(key.text)
    return tuple(found)


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
