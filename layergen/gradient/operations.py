"""How spec code writes elementwise operations: signs, names and parameters."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import sympy

from layergen.gradient.primitives import (
    FLAT,
    RULES,
    Expr,
    number,
)

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.BitAnd: "logical_and",
    ast.BitOr: "logical_or",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
SAME = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "/",
    "true_divide": "/",
    "power": "**",
    "negative": "neg",
    "abs": "absolute",
    "swish": "silu",
    "greater": ">",
    "greater_equal": ">=",
    "less": "<",
    "less_equal": "<=",
    "equal": "==",
    "not_equal": "!=",
}
"""Operations that are others by another name."""

PARAMETERS: dict[str, tuple[str, ...]] = {
    "where": ("condition", "x1", "x2"),
    "clip": ("x", "x_min", "x_max"),
    "cast": ("x", "dtype"),
    "gelu": ("x", "approximate"),
    "elu": ("x", "alpha"),
    "leaky_relu": ("x", "negative_slope"),
}
"""The parameters of operations that have others than `x`, or than `x1` and `x2`."""

DEFAULTS: dict[str, dict[str, Expr]] = {
    "gelu": {"approximate": sympy.true},
    "elu": {"alpha": sympy.Integer(1)},
    "leaky_relu": {"negative_slope": number(0.2)},
}
BINARY = frozenset(
    "+ - * / ** maximum minimum logaddexp logical_and logical_or > >= < <= == !=".split()
)
ARITHMETIC: dict[str, Callable[[float, float], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
KNOWN = (RULES.keys() | FLAT | {"where", "square", "reciprocal"}) - {"step"}
