"""The names that a class had before."""

from __future__ import annotations

from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.model import Alias
from layergen.language.naming import check_class_name
from layergen.language.yaml.nodes import Node, Scalar, Sequence, kind_of


def read_aliases(node: Node, layer: str, context: Context) -> tuple[Alias, ...]:
    """Old names of the class `layer`, in the order in which they stand."""
    if not isinstance(node, Sequence):
        message = f"`aliases` is a list of class names, not {kind_of(node)}"
        context.add("LG203", node.place, message, "as in `[OldDense]`")
        return ()
    found: list[Alias] = []
    for item in node.items:
        name = item.text.strip() if isinstance(item, Scalar) else kind_of(item)
        check_class_name(name, item.place, context)
        if name in (layer, *(one.name for one in found)):
            message = f"the class is called `{clipped(name)}` already"
            context.add("LG401", item.place, message, "leave it out")
        found.append(Alias(name, item.place))
    return tuple(found)
