"""What `ops.scan` does not take on TensorFlow, whatever its documentation says."""

from __future__ import annotations

import ast

from layergen.forward.asked import operation
from layergen.forward.scanned import first_axis, scanned_together
from layergen.forward.shapes import REST
from layergen.forward.sizes import Axis, Poly
from layergen.forward.slow.asking import Asking
from layergen.forward.values import Items, Many, Value, there

JOIN = "make one of them, as by `ops.concatenate`, or use `ops.while_loop`"


def scan(asking: Asking, node: ast.Call) -> None:
    name, given = operation(asking.analysis, node)
    if name != "scan":
        return
    begin = there(asking.analysis.at(given["init"])) if "init" in given else None
    if isinstance(begin, (Items, Many)):
        message = "TensorFlow cannot carry several tensors through `ops.scan`"
        asking.complain("LG508", given["init"], message, JOIN)
    together = scanned_together(asking.analysis, node)
    if together and any(_is_open(asking, one) for one in together[1].items):
        message = (
            "TensorFlow cannot scan several tensors where their first axis is unknown"
        )
        asking.complain("LGW09", together[0], message, JOIN)


def _is_open(asking: Asking, value: Value) -> bool:
    """Whether the first axis of a tensor surely may be unknown until the layer runs."""
    first = first_axis(value)
    if first is REST:
        return True
    late = asking.environment.late
    atoms = first.atoms if isinstance(first, Poly) else ()
    return any(isinstance(one, Axis) or str(one) in late for one in atoms)
