"""Operators: on numbers, on sizes, on tensors, and where these meet.

Operators of tensors take operands of one dtype. Integers, sizes that may be tensors and
what Keras makes in its default dtype are cast, or made in the dtype, where they meet floats;
two different dtypes of floats are the user's to cast.
"""

from __future__ import annotations

import ast

from layergen.forward import result_dtypes, result_shapes, shapes
from layergen.forward.findings import Fault, Found, Reader
from layergen.forward.numbers import BITS, numbers, sequences
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
    NOWHERE,
    OPEN,
    Number,
    Tensor,
    Text,
    Unknown,
    Value,
    is_float,
    is_whole,
    there,
    through,
)

NUMERIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
FLAT = (ast.FloorDiv, ast.cmpop)


def combined(
    reader: Reader,
    node: ast.expr | ast.AugAssign,
    op: ast.operator | ast.cmpop,
    sides: tuple[Value, Value],
    nodes: tuple[ast.expr | None, ast.expr | None],
) -> Value:
    """What an operator between two values gives; `nodes` are their expressions."""
    one, other = there(sides[0]), there(sides[1])
    if isinstance(one, Number) and isinstance(other, Number):
        return numbers(op, one, other)
    if isinstance(one, Tensor) and isinstance(other, (Tensor, Number)):
        return tensors(reader, node, op, (one, other), nodes)
    if isinstance(other, Tensor) and isinstance(one, Number):
        return tensors(reader, node, op, (one, other), nodes)
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        listed_as = as_tensor(one), as_tensor(other)
        if all(isinstance(side, (Tensor, Number)) for side in listed_as):
            return tensors(reader, node, op, listed_as, nodes)  # type: ignore[arg-type]
    smooth = NOWHERE if isinstance(op, FLAT) else through(one) | through(other)
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        dtype = "bool" if isinstance(op, ast.cmpop) else OPEN
        return Tensor(None, dtype, smooth)
    if isinstance(one, Text) or isinstance(other, Text):
        return Text()
    return sequences(op, one, other) or Unknown(smooth)


def as_tensor(value: Value) -> Value:
    """A list of numbers as the tensor that it becomes beside one."""
    if isinstance(value, Number) or not result_dtypes.kind_in(value):
        return value
    shape = result_shapes.tensor_shape(value)
    return Tensor(shape, result_dtypes.dtype_of(value))


def tensors(
    reader: Reader,
    node: ast.expr | ast.AugAssign,
    op: ast.operator | ast.cmpop,
    sides: tuple[Tensor | Number, Tensor | Number],
    nodes: tuple[ast.expr | None, ast.expr | None],
) -> Tensor:
    """An operator between tensors, or a tensor and a number."""
    shape, pairs = shapes.broadcast(*map(shape_of, sides))
    reader.meet(node, "operands", map(shape_of, sides), pairs)
    dtype = agreed(reader, node, op, sides, nodes)
    smooth = through(sides[0]) | through(sides[1])
    origins = frozenset().union(*map(_origins, sides)) if dtype == DEFAULT else NOWHERE
    if isinstance(op, ast.cmpop):
        return Tensor(shape, "bool")
    if isinstance(op, FLAT):
        smooth = NOWHERE
    return Tensor(shape, dtype, smooth, origins)  # type: ignore[arg-type]


def _origins(value: Value) -> frozenset[ast.Call]:
    return value.origins if isinstance(value, Tensor) else frozenset()


def shape_of(value: Value) -> shapes.Shape:
    """The shape of a tensor; a number has no axes."""
    return value.shape if isinstance(value, Tensor) else ()


def agreed(
    reader: Reader,
    node: ast.AST,
    op: ast.AST,
    sides: tuple[Tensor | Number, Tensor | Number],
    nodes: tuple[ast.expr | None, ast.expr | None],
) -> str:
    """The dtype that two operands are brought to, with the casts that it takes."""
    for one, other, at, beside in (
        (*sides, *nodes),
        (*sides[::-1], *nodes[::-1]),
    ):
        if isinstance(one, Number):
            assert isinstance(other, Tensor)
            return _with_number(reader, op, one, other, at, beside)
    one, other = sides
    assert isinstance(one, Tensor) and isinstance(other, Tensor)
    dtypes = {one.dtype, other.dtype}
    if OPEN in dtypes:
        return OPEN
    if isinstance(op, BITS):
        return of_bits(one, other)
    if len(dtypes) == 1:
        whole = is_whole(one.dtype) and isinstance(op, ast.Div)
        if whole and isinstance(op, ast.Div):
            for side in nodes:
                cast(reader, side, COMPUTE)
            return COMPUTE
        if is_whole(one.dtype):
            stay_whole(reader, nodes)
        return one.dtype
    if COMPUTE in dtypes or DEFAULT in dtypes:
        return _brought_together(reader, node, sides, nodes)  # type: ignore[arg-type]
    floats = [dtype for dtype in dtypes if is_float(dtype)]
    if len(floats) == 1:
        for tensor, side in zip(sides, nodes, strict=True):
            if tensor.dtype != floats[0]:  # type: ignore[union-attr]
                cast(reader, side, floats[0])
        return floats[0]
    if len(floats) == 2:
        differ(reader, node, sides, nodes)  # type: ignore[arg-type]
    return OPEN


def of_bits(*sides: Value) -> str:
    """The dtype that `&`, `|`, `^` and `~` give of bools, and that these and shifts give of
    integers of one dtype, where a number is one of 32 bits."""
    dtypes = {side.dtype for side in sides if isinstance(side, Tensor)}
    numbers = [side for side in sides if not isinstance(side, Tensor)]
    if len(dtypes) != 1 or not is_whole(dtype := dtypes.pop()):
        return OPEN
    whole = all(isinstance(one, Number) and one.type == "int" for one in numbers)
    fits = not numbers or whole and dtype in ("int32", "int64")
    return dtype if fits else OPEN


def _brought_together(
    reader: Reader,
    node: ast.AST,
    sides: tuple[Tensor, Tensor],
    nodes: tuple[ast.expr | None, ast.expr | None],
) -> str:
    """The compute dtype, which integers and what has Keras' default dtype are given."""
    for tensor, side in zip(sides, nodes, strict=True):
        if is_whole(tensor.dtype):
            cast(reader, side, COMPUTE)
        elif tensor.dtype == DEFAULT:
            supply(reader, tensor, side)
        elif tensor.dtype != COMPUTE:
            if {tensor.dtype for tensor in sides} == {DEFAULT, "float32"}:
                return "float32"
            differ(reader, node, sides, nodes)
            return OPEN
    return COMPUTE


def _with_number(
    reader: Reader,
    op: ast.AST,
    number: Number,
    tensor: Tensor,
    at: ast.expr | None,
    beside: ast.expr | None,
) -> str:
    """The dtype of a tensor that meets a number; a size that may be a tensor is cast."""
    floating = number.type == "float" or isinstance(op, ast.Div)
    if tensor.dtype == OPEN:
        if number.late and isinstance(op, (*NUMERIC, ast.cmpop)):
            cast(reader, at, COMPUTE)
        return OPEN
    if is_float(tensor.dtype):
        if number.late:
            cast(reader, at, tensor.dtype)
            if tensor.dtype == DEFAULT:
                supply(reader, tensor, beside)
                return COMPUTE
        return tensor.dtype
    if not is_whole(tensor.dtype) or isinstance(op, BITS):
        return of_bits(number, tensor)
    if floating and isinstance(op, (*NUMERIC, ast.cmpop)):
        cast(reader, beside, COMPUTE)
        if number.late:
            cast(reader, at, COMPUTE)
        return COMPUTE
    if tensor.dtype == "bool" or not number.type:
        return OPEN
    stay_whole(reader, (at, beside))
    return tensor.dtype


def stay_whole(reader: Reader, nodes: tuple[ast.expr | None, ...]) -> None:
    """Integers meet integers."""
    reader.found.whole |= {node: None for node in nodes if node is not None}


def cast(reader: Reader, node: ast.expr | None, dtype: str) -> None:
    """An operand is cast where it stands."""
    if node is None:
        return
    dtype = COMPUTE if dtype == DEFAULT else dtype
    known = reader.found.casts.setdefault(node, dtype)
    if known != dtype:
        two_casts(reader.found, node, known, dtype)


def supply(reader: Reader, tensor: Value, node: ast.expr | None) -> None:
    """What Keras makes in its default dtype is made in the compute dtype, or cast."""
    if isinstance(tensor, Tensor) and tensor.origins:
        reader.found.supplied |= dict.fromkeys(tensor.origins)
    else:
        cast(reader, node, COMPUTE)


def two_casts(found: Found, node: ast.expr, one: str, other: str) -> None:
    """Code that runs with several dtypes has one cast at a place."""
    names = [WORDS.get(dtype, dtype) for dtype in (one, other)]
    message = (
        f"`{ast.unparse(node)}` has to be {names[0]} in one call of this code, and"
    )
    message += f" {names[1]} in another"
    fault = Fault("LG443", node, message, "write a function for each")
    found.faults[fault] = None


WORDS = {COMPUTE: "the compute dtype", DEFAULT: "Keras' default dtype"}


def differ(
    reader: Reader,
    node: ast.AST,
    sides: tuple[Tensor, Tensor],
    nodes: tuple[ast.expr | None, ast.expr | None],
) -> None:
    """Two dtypes of floats meet."""
    names = [WORDS.get(tensor.dtype, tensor.dtype) for tensor in sides]
    message = f"{names[0]} meets {names[1]}, which fails where they differ"
    hint = "cast one of them with `ops.cast`"
    for one, other, at, beside in (
        (*sides, *nodes),
        (*sides[::-1], *nodes[::-1]),
    ):
        if one.dtype == COMPUTE != other.dtype and at and beside:
            hint = f"as in `ops.cast({ast.unparse(beside)}, {_dtype_of(at)})`"
    reader.fault("LG441", node, message, hint)


def _dtype_of(node: ast.expr) -> str:
    text = ast.unparse(node)
    plain = isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    return f"{text}.dtype" if plain else f"({text}).dtype"
