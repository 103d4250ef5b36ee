"""`for:` of a list of sublayers: `width in hidden_units`."""

from __future__ import annotations

from msgspec.structs import replace

from layergen.language.collector import clipped
from layergen.language.context import Context
from layergen.language.model import Loop
from layergen.language.readers.code import read_expression
from layergen.language.readers.mappings import is_identifier
from layergen.language.yaml.nodes import Node, Scalar, kind_of
from layergen.problems import Place

WORD = " in "
HINT = "as in `width in hidden_units`, or `_ in range(depth)`"


def read_loop(node: Node, what: str, context: Context) -> Loop | None:
    """A loop's targets, as names with commas, and what it goes over."""
    if not isinstance(node, Scalar) or WORD not in node.text:
        shown = "this" if isinstance(node, Scalar) else kind_of(node)
        message = f"{what} says what to go over; {shown} does not"
        context.add("LG219", node.place, message, HINT)
        return None
    head, _, rest = node.text.partition(WORD)
    targets = [name.strip() for name in head.split(",")]
    if not all(map(is_identifier, targets)):
        message = f"`{clipped(head)}` cannot be what {what} gives values to"
        context.add("LG219", node.lines[0], message, HINT)
        return None
    first, *others = node.lines
    start = Place(first.line, first.column + len(head) + len(WORD))
    inner = replace(node, text=rest, lines=(start, *others))
    code = read_expression(inner, what, context)
    return None if code is None else Loop(", ".join(targets), code)
