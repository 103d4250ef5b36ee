"""Loops of `keras.ops` of which TensorFlow has no gradient under XLA."""

from __future__ import annotations

import ast

from layergen.forward.analyse import Forward
from layergen.forward.asked import operation
from layergen.forward.values import through

BETTER = {
    "associative_scan": "use `ops.cumsum`, or an RNN cell",
    "fori_loop": "use `ops.while_loop` with `maximum_iterations`, or a loop of Python's",
    "scan": "use `ops.cumsum`, or an RNN cell",
    "while_loop": "give it `maximum_iterations`",
}
"""The loops, each with what can be trained instead."""


def untrained(analysis: Forward, node: ast.AST) -> str:
    """The loop that a node calls and that is not trained under XLA, "" for anything else:
    XLA keeps what a gradient needs of each round, and must know how many there are."""
    if not isinstance(node, ast.Call):
        return ""
    name, given = operation(analysis, node)
    if name not in BETTER or "maximum_iterations" in given:
        return ""
    return name if through(analysis.at(node)) else ""
