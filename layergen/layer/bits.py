"""Operators on the bits of integers, which Keras' tensors and variables take for logic.

`i & 1` of a symbolic tensor or of a variable is a bool, and `i >> 1` is nothing at all:
where the operands surely are integers, the function of `keras.ops` is called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.arithmetic import of_bits
from layergen.forward.values import Number, there
from layergen.keras_tables import dtypes
from layergen.layer.facts import Facts
from layergen.source.code import Code
from layergen.source.literals import literal
from layergen.source.rewrite import FUNCTIONS, Instead
from layergen.source.written import Written


def bit_functions(facts: Facts, code: Code) -> dict[ast.AST, Instead]:
    """The calls that are written for operators in a piece of code."""
    return dict(_found(facts, code))


def _found(facts: Facts, code: Code) -> Iterator[tuple[ast.AST, Instead]]:
    for node in code.nodes:
        name, target = "", ""
        operands: tuple[ast.expr, ...] = ()
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                name, operands = FUNCTIONS.get(type(op), ""), (left, right)
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                name, operands = "bitwise_not", (operand,)
            case ast.AugAssign(target=ast.Name(id=one) as read, op=op, value=value):
                if one not in facts.states:
                    name, operands = FUNCTIONS.get(type(op), ""), (read, value)
                    target = f"{one} = "
        values = [there(facts.analysis.at(one)) for one in operands]
        dtype = of_bits(*values)
        if name and name != "matmul" and dtypes.is_integer(dtype):
            made = f"ops.convert_to_tensor({{}}, {literal(dtype)})"
            # Keras' bitwise functions ask symbolic tensors' company for a dtype.
            alone = name.startswith("bitwise_")
            numbers = [alone and isinstance(one, Number) for one in values]
            taken = ", ".join(made if number else "{}" for number in numbers)
            text = Written(f"{target}ops.{name}({taken})", reads=["ops"])
            yield node, Instead(operands, text)
