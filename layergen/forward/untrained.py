"""Calls of `keras.ops` of which TensorFlow has no gradient under XLA."""

from __future__ import annotations

import ast

from msgspec import Struct

from layergen.forward.analyse import Forward
from layergen.forward.asked import operation
from layergen.forward.values import through
from layergen.keras_tables.gaps import UNTRAINED, UNTRAINED_IN_LOOPS


class Untrained(Struct, frozen=True):
    """A call that is not trained under XLA: what calls, where, and what to do instead."""

    name: str
    where: str
    instead: str


def untrained(analysis: Forward, node: ast.AST) -> Untrained | None:
    """What of a node is not trained under XLA, None for anything else: there a gradient
    must know how many rounds a loop takes, and how large is what a round repeats."""
    if not isinstance(node, ast.Call):
        return None
    name, given = operation(analysis, node)
    if not through(analysis.at(node)):
        return None
    if name in UNTRAINED and "maximum_iterations" not in given:
        return Untrained(name, "", UNTRAINED[name])
    if name in UNTRAINED_IN_LOOPS and node in analysis.looped:
        return Untrained(name, " inside of a loop", UNTRAINED_IN_LOOPS[name])
    return None
