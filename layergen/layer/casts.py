"""What `call` must turn into a tensor of the compute dtype where forward reads it.

A size that is unknown until run time is an int32 tensor, which arithmetic with a float
tensor refuses. A function with a gradient of its own takes tensors: handed a variable, it
fails.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.keras_tables.dtypes import UNKNOWN, is_float
from layergen.keras_tables.operations import op
from layergen.layer.facts import Facts
from layergen.source.written import Written

ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)

Around = dict[ast.expr, tuple[str, str]]


def casts(facts: Facts) -> Around:
    """The expressions in forward that need a cast, with the text that goes around each."""
    cast = Written("ops.cast(", reads=["ops"]), ", self.compute_dtype)"
    body = facts.spec.forward.body
    nodes = [node for statement in body for node in ast.walk(statement)]
    return {
        one: cast
        for node in nodes
        for one in (*_met(facts, node), *_given(facts, node))
    }


def _given(facts: Facts, node: ast.AST) -> Iterator[ast.expr]:
    """The variables that a function with a gradient is called with."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=arguments) if (
            name in facts.functions and facts.functions[name].gradient
        ):
            variables = {*facts.weights, *facts.states}
            for argument in arguments:
                if isinstance(argument, ast.Name) and argument.id in variables:
                    yield argument


def _met(facts: Facts, node: ast.AST) -> Iterator[ast.expr]:
    """The operands of a node that are sizes where the node computes with tensors."""
    match node:
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, ARITHMETIC):
            sizes = _is_size(facts, left), _is_size(facts, right)
            for operand, size, other in ((left, *sizes), (right, *sizes[::-1])):
                if size and not other and _may_be_tensor(facts, operand):
                    yield operand
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="ops"), attr=name), args=[operand]
        ) if _makes_floats(name):
            if _is_size(facts, operand) and _may_be_tensor(facts, operand):
                yield operand


def _makes_floats(name: str) -> bool:
    """Whether an elementwise function turns integers into floats, of the default dtype,
    or takes none."""
    found = op(name)
    if found is None or found.kind != "elementwise" or not found.dtype:
        return False
    dtype = found.result_dtype({found.tensors[0]: "int32"})
    return dtype == UNKNOWN or is_float(dtype)


def _is_size(facts: Facts, node: ast.expr) -> bool:
    """Whether an expression is made of sizes and integers alone."""
    match node:
        case ast.Constant(value=value):
            return type(value) is int
        case ast.Name(id=name):
            return facts.is_whole(name) or name in facts.counts
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, ARITHMETIC):
            return _is_size(facts, left) and _is_size(facts, right)
        case ast.UnaryOp(operand=operand):
            return _is_size(facts, operand)
    return False


def _may_be_tensor(facts: Facts, node: ast.expr) -> bool:
    """Whether a dimension in a size may be unknown until run time."""
    names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return bool(names & (set(facts.axes) - set(facts.pinned)))
