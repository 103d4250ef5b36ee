"""Sizes that Python takes for numbers, and that may be known only when the layer runs."""

from __future__ import annotations

import ast

from layergen.forward.asked import operation
from layergen.forward.slow.asking import Asking, shown
from layergen.source.walk import nodes

COUNTS = {"split": "indices_or_sections", "unstack": "num"}
"""What makes several tensors, with the parameter that says how many."""
LATE = "which may be known only when the layer runs"


def count(asking: Asking, node: ast.Call) -> None:
    """A graph has a fixed number of tensors, however many are taken from one."""
    name, found = operation(asking.analysis, node)
    number = found.get(COUNTS.get(name, ""))
    if name == "unstack" and number is None:
        text = _picked(asking.late_axes(found["x"]), found.get("axis"))
    else:
        text = shown(number) if number is not None and asking.is_late(number) else ""
    if text:
        message = f"`ops.{name}` makes as many tensors as `{text}`, {LATE}"
        hint = "work on the whole axis at once; a derived value of the size fixes it "
        asking.complain("LG507", number or node, message, f"{hint}at build")


def static_shapes(asking: Asking) -> None:
    """`x.shape` has None for what is not known; its length alone is sure."""
    parts: dict[ast.expr, ast.expr] = {
        node.value: node
        for node in nodes(asking.code.body)
        if isinstance(node, ast.Subscript)
    }
    for node in nodes(asking.code.body):
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[ast.Attribute() as whole]):
                parts[whole] = node
    for node in nodes(asking.code.body):
        if isinstance(node, ast.Attribute) and node.attr == "shape":
            read = parts.get(node, node)
            if not isinstance(read, ast.Call):
                _static(asking, node, read)


def _static(asking: Asking, shape: ast.Attribute, read: ast.expr) -> None:
    place = read.slice if isinstance(read, ast.Subscript) else None
    text = _picked(asking.late_axes(shape.value), place)
    if text:
        owner, whole = ast.unparse(shape.value), ast.unparse(read)
        better = f"`ops.shape({owner}){whole.removeprefix(f'{owner}.shape')}`"
        lookup = asking.environment.lookup
        single = place is not None and not isinstance(place, ast.Slice)
        if single and text in lookup.axes and asking.code is lookup.spec.forward:
            better = f"`{text}`, or {better}"
        message = f"`{shown(read)}` has None for `{text}`, {LATE}"
        asking.complain("LG507", read, message, f"write {better}")


def _picked(axes: tuple[str, ...], place: ast.expr | None) -> str:
    """The first size that may be late, of those that an index or a slice surely picks."""
    if place is None:
        picked = axes
    elif isinstance(place, ast.Slice):
        start = _place(place.lower, axes, 0)
        stop = _place(place.upper, axes, len(axes))
        plain = start is not None and stop is not None and place.step is None
        picked = axes[start:stop] if plain else ()
    else:
        index = _place(place, axes, None)
        picked = axes[index:][:1] if index is not None else ()
    return next(filter(None, picked), "")


def _place(
    node: ast.expr | None, axes: tuple[str, ...], absent: int | None
) -> int | None:
    """Where a number that is written out points among the axes, None for anything else;
    past `...` only from the other end."""
    if node is None:
        return absent
    try:
        found = ast.literal_eval(node)
    except ValueError:
        return None
    front = axes.index("...") if "..." in axes else len(axes)
    back = front + 1 - len(axes) if "..." in axes else -len(axes)
    return found if type(found) is int and back <= found <= front else None
