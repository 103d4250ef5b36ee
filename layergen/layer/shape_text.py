"""Shapes of a spec as subscripts and arguments of generated code."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from layergen.language.axes import Anyone, Dim, Member, Rest, Shape
from layergen.language.model import Input
from layergen.source.code import Code, Size


def axis_index(shape: Shape, position: int) -> int:
    """The subscript that reads best for an axis: -1 for the last of several."""
    count = len(shape.dims or ())
    if shape.rest is None and position == count - 1 and count > 1:
        return -1
    return position


def axis_reading(tensor: Input, position: int) -> str:
    """How code reads the size of an axis that has no name."""
    return f"{tensor.name}.shape[{axis_index(tensor.shape, position)}]"


def named_axes(tensor: Input) -> str:
    """The shape of an input as text, in which axes without a name are read off it."""
    shape = tensor.shape
    if shape.dims is None:
        return str(shape)
    dims = [*map(str, shape.dims)]
    for position, dim in shape.axes:
        if isinstance(dim, Anyone):
            dims[position] = axis_reading(tensor, position)
    return f"[{', '.join(dims)}]"


def is_unnamed(dim: Dim) -> bool:
    """Whether a dimension is an axis without a name, or read off one."""
    item = isinstance(dim, Size) and isinstance(dim.tree, ast.Subscript)
    read = item and not isinstance(dim, Member)
    return read or isinstance(dim, Anyone)


def documented(dims: Iterable[Dim]) -> str:
    """Dimensions as the tuple that a reader of Keras' documentation expects."""
    found = [
        "..." if isinstance(d, Rest) else "any" if is_unnamed(d) else _written(d)
        for d in dims
        if not isinstance(d, Member) or not d.index
    ]
    return f"({found[0]},)" if len(found) == 1 else f"({', '.join(found)})"


def _written(dim: Dim) -> str:
    """A dimension; the first item of a list stands for all of them."""
    return f"*{dim.of}" if isinstance(dim, Member) else str(dim)


def is_arbitrary(shape: Shape) -> bool:
    """Whether a shape says nothing of rank and sizes."""
    dims = shape.dims
    return dims is None or (len(dims) == 1 and isinstance(dims[0], Rest))


def rest_slice(shape: Shape, dropped: int = 0) -> str:
    """The subscript that takes the axes which `...` stands for.

    `dropped` is the number of axes that a sequence of sizes lacks at its front.
    """
    rest = shape.rest or 0
    after = len(shape.dims or ()) - rest - 1
    return f"{max(rest - dropped, 0) or ''}:{-after if after else ''}"


def rest_axes(sizes: str, shape: Shape, dropped: int = 0) -> str:
    """The sizes of those axes, out of all `sizes`; all are, where any may be there."""
    if shape.dims is None:
        return sizes
    taken = rest_slice(shape, dropped)
    return sizes if taken == ":" else f"{sizes}[{taken}]"


def rank(shape: Shape) -> tuple[str, int]:
    """Whether the rank is exact (`ndim`) or a least one (`min_ndim`), and that rank."""
    return ("min_ndim" if shape.rest is not None else "ndim"), len(shape.axes)


def shape_reads(code: Code) -> list[tuple[str, int]]:
    """The axes, as input and position, that an expression reads by `x.shape[<int>]`."""
    found = []
    for node in ast.walk(code.expression):
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=tensor), attr="shape"),
                slice=ast.Constant(value=int())
                | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())) as axis,
            ):
                found.append((tensor, int(ast.literal_eval(axis))))
    return found


def shape_in_call(tensor: Input, one: str) -> str:
    """How `call` reads the shape of an input; `one` stands for each tensor of a list."""
    if tensor.many:
        return f"[{one}.shape for {one} in {tensor.name}]"
    if tensor.optional:
        return f"None if {tensor.name} is None else {tensor.name}.shape"
    return f"{tensor.name}.shape"


def rest_positions(tensor: Input) -> str:
    """The positions of the axes that `...` stands for, as a tuple at run time."""
    dims = tensor.shape.dims or ()
    before = tensor.shape.rest or 0
    after = len(dims) - before - 1
    end = f"len({tensor.name}.shape)" + (f" - {after}" if after else "")
    return f"tuple(range({before}, {end}))" if before else f"tuple(range({end}))"
