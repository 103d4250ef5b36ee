"""The layers of other specs that a spec's sublayers are made of."""

from __future__ import annotations

import ast

from layergen.keras_tables.names import LAYERS
from layergen.language.model import Spec
from layergen.language.naming import PASCAL
from layergen.problems import Place


def neighbours(spec: Spec) -> dict[str, Place]:
    """The classes of specs beside this one, each with the place where it is called first.

    They stand inside another layer's constructor too: `RNN(PairCell(units))`.
    """
    found: dict[str, Place] = {}
    own = {*LAYERS, *spec.imported, *(arg.name for arg in spec.args)}
    for code in (layer.make for layer in spec.layers):
        for node in code.nodes:
            match node:
                case ast.Call(func=ast.Name(id=name)) if (
                    PASCAL.match(name) and name not in own
                ):
                    found.setdefault(name, code.place(node))
    return found
