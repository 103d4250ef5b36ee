"""The outputs of a layer: what the spec states of them, and what its code tells."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import reduce

from msgspec import Struct

from layergen.forward import shapes
from layergen.forward.shapes import REST
from layergen.forward.sizes import Atom, Axis, Poly, text_of
from layergen.forward.values import (
    COMPUTE,
    DEFAULT,
    OPEN,
    Items,
    Tensor,
    Value,
    joined,
)
from layergen.keras_tables.layers import layer
from layergen.language.axes import Dim, Rest, Shape
from layergen.language.model import Output
from layergen.layer.named import Named
from layergen.layer.shape_text import axis_reading
from layergen.problems import Place
from layergen.source.code import Size

ANY = Shape(None, Place(1, 1))


def outputs(named: Named) -> tuple[Output, ...] | None:
    """The outputs with every axis and dtype that the spec states or the code tells.

    What neither does is as the spec has it; None where that says nothing at all.
    """
    stated = named.spec.outputs
    found = _results(named)
    if stated is None:
        told = [_told(named, name, value) for name, value in found]
        return tuple(one for one in told if one) if told and None not in told else None
    if len(found) != len(stated):
        return stated
    pairs = zip(stated, found, strict=True)
    return tuple(_completed(named, one, value) for one, (_, value) in pairs)


class ByLayer(Struct, frozen=True):
    """The shape that a sublayer makes of the shapes that it is called on."""

    layer: str
    given: tuple[Made, ...]


Made = Shape | ByLayer | list[Shape]


def by_layer(named: Named) -> ByLayer | None:
    """The shape of the only output, where one of Keras' own layers makes it."""
    match _results(named), named.spec.outputs or (Output(None, ANY),):
        case [(_, Tensor(shape=shapes.Made() as made, dtype=dtype))], [stated]:
            if dtype == COMPUTE and stated.dtype is None:
                found = _made(named, made)
                return found if isinstance(found, ByLayer) else None
    return None


def _made(named: Named, shape: object) -> Made | None:
    """A shape that sublayers make, None where one of them may not tell it."""
    match shape:
        case shapes.Several(shapes=several):
            inner = [_as_shape(named, one) for one in several]
            return [one for one in inner if one] if None not in inner else None
        case shapes.Made(layer=name, given=given, listed=False):
            parts = [_made(named, one) for one in given]
            if None not in parts and _tells_shape(named, name):
                return ByLayer(name, tuple(one for one in parts if one))
            return None
    return _as_shape(named, shape)


def _tells_shape(named: Named, name: str) -> bool:
    """Whether a sublayer is always there, and of a class of Keras that says its shape."""
    sublayer = named.sublayers.get(name)
    call = sublayer.make.expression if sublayer and not sublayer.when else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return False
    found = layer(call.func.id)
    calls = [one for one in named.analysis.calls if one.name == name]
    plain = all(key == "training" for one in calls for key, _ in one.keywords)
    own = call.func.id not in named.spec.imported
    return own and plain and found is not None and found.single


def is_cast(named: Named) -> bool:
    """Whether the only output, of no stated dtype, is cast to the compute dtype.

    A layer given as an argument keeps its own dtype policy, and what is made of integers
    alone may have Keras' default dtype.
    """
    values = [value for _, value in named.analysis.returns]
    if values and all(isinstance(v, Tensor) and v.dtype == COMPUTE for v in values):
        return False
    stated = named.spec.outputs or ()
    given = any(arg.type.is_layer for arg in named.spec.args)
    whole = all(tensor.dtype is not None for tensor in named.spec.inputs)
    arrays = any(arg.type.is_tensor for arg in named.spec.args)
    computed = not named.spec.weights and not named.spec.layers and not arrays
    free = given or (whole and computed) or not named.spec.autocast
    return free and len(stated) == 1 and stated[0].dtype is None


def _results(named: Named) -> list[tuple[str | None, Value]]:
    """What the layer returns, each value with its name in a tuple; empty if unknown."""
    returns = named.analysis.returns
    if not returns:
        return []
    value = reduce(joined, (value for _, value in returns))
    nodes = [node for node, _ in returns]
    rows = [node.elts for node in nodes if isinstance(node, ast.Tuple)]
    if not isinstance(value, Items):
        return [] if rows else [(None, value)]
    # What is not written as a tuple may be a list, and parts with a star are not counted;
    # of a tuple of one a shape alone would tell Keras that it is none.
    count = len(value.items)
    sure = len(rows) == len(nodes) and all(len(row) == count for row in rows)
    if not sure or count < 2 or REST in value.items:
        return []
    return [*zip(_names(named, rows), value.items, strict=True)]


def _names(named: Named, rows: list[list[ast.expr]]) -> list[str]:
    """The names under which parts of tuples are returned, numbers where they differ."""
    found: list[str] = []
    for number, parts in enumerate(zip(*rows, strict=True), 1):
        names = {part.id if isinstance(part, ast.Name) else "" for part in parts}
        name = names.pop() if len(names) == 1 else ""
        made = named.scope.fresh(f"output_{number}")
        found.append(name if name and name not in found else made)
    return found


def _told(named: Named, name: str | None, value: Value) -> Output | None:
    """An output of which the spec says nothing."""
    dtype = _dtype(value)
    shape = _shape(named, value)
    return None if shape is None or dtype == OPEN else Output(name, shape, _said(dtype))


def _completed(named: Named, stated: Output, value: Value) -> Output:
    """A stated output with what is left out of it."""
    dtype = _dtype(value)
    shape = stated.shape
    if not shape.is_stated and (stated.dtype or dtype != OPEN):
        shape = _shape(named, value) or shape
    if stated.dtype is None and dtype not in (OPEN, COMPUTE) and not is_cast(named):
        return replace(stated, shape=shape, dtype=dtype)
    return replace(stated, shape=shape)


def _dtype(value: Value) -> str:
    """The dtype of a value, where an output can say it."""
    known = isinstance(value, Tensor) and value.dtype != DEFAULT
    return value.dtype if isinstance(value, Tensor) and known else OPEN


def _said(dtype: str) -> str | None:
    return None if dtype == COMPUTE else dtype


def _shape(named: Named, value: Value) -> Shape | None:
    """A shape of the analysis as one of the spec, None where not all of it is known."""
    return _as_shape(named, value.shape) if isinstance(value, Tensor) else None


def _as_shape(named: Named, shape: object) -> Shape | None:
    if not isinstance(shape, tuple):
        return None
    dims = [_dim(named, one) for one in shape]
    known = [dim for dim in dims if dim is not None]
    place = named.spec.forward.lines[0]
    return Shape(tuple(known), place) if len(known) == len(dims) else None


def _dim(named: Named, size: object) -> Dim | None:
    if size is REST:
        return Rest() if named.first.shape.rest is not None else None
    if not isinstance(size, (int, Poly)):
        return None
    atoms = size.atoms if isinstance(size, Poly) else ()
    if not all(_is_read(named, atom) for atom in atoms):
        return None
    tree = ast.parse(text_of(size, lambda atom: _reading(named, atom)), mode="eval")
    return Size(ast.unparse(tree), named.spec.forward.lines[0])


def _is_read(named: Named, atom: Atom) -> bool:
    """Whether what a size rests on can be read off the layer and its inputs' shapes."""
    if isinstance(atom, str):
        own = (named.axes, named.counts, named.args, named.array_axes, named.derived)
        return any(atom in names for names in own)
    if isinstance(atom, Axis):
        tensor = named.inputs.get(atom.tensor)
        return tensor is not None and not tensor.optional
    return True


def _reading(named: Named, atom: Atom) -> str:
    if isinstance(atom, Axis):
        return axis_reading(named.inputs[atom.tensor], atom.position)
    return str(atom)
