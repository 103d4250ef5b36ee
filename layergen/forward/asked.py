"""Which functions of modules expressions stand for, as the analysis has it.

So it is whatever the code calls them: by the modules of the language, by imports, or by
local names.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from layergen.forward.analyse import Forward
from layergen.forward.operations import bound
from layergen.forward.values import Module
from layergen.keras_tables.names import OPS_MODULES
from layergen.keras_tables.operations import op


def path(analysis: Forward, node: ast.expr) -> str:
    """The full name of a module or of what it has, "" for anything else."""
    value = analysis.at(node)
    return value.path if isinstance(value, Module) else ""


def function_of_ops(analysis: Forward, node: ast.expr) -> str:
    """The name of a function of `keras.ops`, "" for anything else."""
    owner, _, name = path(analysis, node).rpartition(".")
    module = owner.removeprefix("keras.ops")
    inside = not module or module.removeprefix(".") in OPS_MODULES
    return name if owner.startswith("keras.ops") and inside else ""


def operation(analysis: Forward, node: ast.expr) -> tuple[str, Mapping[str, Any]]:
    """The function of `keras.ops` that an expression calls, and the nodes of what it is
    given by parameter; ("", {}) for anything else."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return "matmul", {"x1": left, "x2": right}
        case ast.Call(func=func):
            found = op(function_of_ops(analysis, func))
            given = bound(found, node) if found is not None else None
            if found is not None and given is not None:
                return found.name, given
    return "", {}
