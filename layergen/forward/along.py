"""Where a spec's code goes along an axis that a number says, which a tensor must have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from layergen.forward.analyse import Forward
from layergen.forward.asked import operation
from layergen.forward.shapes import REST
from layergen.forward.values import Tensor
from layergen.language.evaluate import Failed, Unknown, evaluate

MAKING = ("expand_dims", "one_hot")
"""Functions that make the axis that they are told."""


class Along(Struct, frozen=True):
    """An axis, told by code, of a tensor of some axes and, if it is `open`, those of `...`.

    It is not `there` where the function makes it.
    """

    axis: ast.expr
    count: int
    open: bool
    there: bool

    def exists(self, values: Mapping[str, Any], rest: int) -> bool:
        """Whether the tensor has it with some values and as many axes for `...`, as far as
        that can be told."""
        try:
            axis = evaluate(self.axis, values)
        except (Unknown, Failed):
            return True
        count = self.count + (rest if self.open else 0)
        return type(axis) is not int or -count <= axis < count


def along(analysis: Forward) -> Iterator[Along]:
    """The axes that functions of Keras are told."""
    for node in analysis.values:
        if isinstance(node, ast.Call):
            name, given = operation(analysis, node)
            if "axis" in given:
                tensor = analysis.at(next(iter(given.values())))
                if isinstance(tensor, Tensor) and isinstance(tensor.shape, tuple):
                    count = sum(one is not REST for one in tensor.shape)
                    is_open, is_there = REST in tensor.shape, name not in MAKING
                    yield Along(given["axis"], count, is_open, is_there)
