"""What a spec does with its arguments: which sublayer takes one, and what for.

Only what surely holds is told: an argument that goes to a sublayer as it is, one that
counts sublayers, and one that alone decides whether there is something.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from layergen.keras_tables.layers import layer as keras_layer
from layergen.keras_tables.meanings import SIZES
from layergen.language.model import Spec, Sublayer
from layergen.source.code import Code

LATER = (ast.If, ast.IfExp, ast.While, ast.FunctionDef, ast.Lambda, ast.BoolOp)
"""What may leave the code inside it out."""


class Use(Struct, frozen=True):
    """An argument that a sublayer takes as `parameter`, in a list one of its `items`."""

    argument: str
    sublayer: Sublayer
    layer: str
    parameter: str
    items: bool = False

    @property
    def is_size(self) -> bool:
        """Whether it must be at least 1: for a layer that may not be made it need not."""
        return self.parameter in SIZES and self.sublayer.when is None


def uses(spec: Spec) -> Iterator[Use]:
    """What goes to sublayers of Keras' own classes."""
    for sublayer in spec.layers:
        call = sublayer.make.expression
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        found = keras_layer(call.func.id)
        if found is None or call.func.id in spec.imported:
            continue
        positional = [p.name for p in found.parameters if p.how == "any"]
        given = [*zip(positional, call.args, strict=False)]
        given += [(k.arg, k.value) for k in call.keywords if k.arg]
        loop = sublayer.loop
        for parameter, value in given:
            if not isinstance(value, ast.Name):
                continue
            if loop is None or value in sublayer.make.names.free:
                name, items = value.id, False
            if loop is not None and value.id == loop.target:
                over = loop.iterable.expression
                if not isinstance(over, ast.Name):
                    continue
                name, items = over.id, True
            yield Use(name, sublayer, found.name, parameter, items)


def counted(spec: Spec) -> Iterator[tuple[str, str]]:
    """Each argument that is the number of a list's sublayers, with their name."""
    for sublayer in spec.layers:
        if sublayer.loop:
            for name in _ranges(sublayer.loop.iterable):
                if sublayer.loop.iterable.text.strip() == f"range({name})":
                    yield name, sublayer.name


def ranges(spec: Spec) -> set[str]:
    """The names that `range` takes wherever the layer is made, built or called."""
    codes = [sublayer.loop.iterable for sublayer in spec.layers if sublayer.loop]
    codes += [*(derived.code for derived in spec.derived), spec.forward]
    return {name for code in codes for name in _ranges(code)}


def sizes(spec: Spec) -> set[str]:
    """The arguments that a sublayer takes for a size, alone or each in a list."""
    return {use.argument for use in uses(spec) if use.is_size}


def tensors_read(code: Code, name: str) -> int:
    """How many tensors of a list code reads, where it reads each by its number or gives
    each a name; else 0."""
    counts: list[int] = []
    for node in code.nodes:
        match node:
            case ast.Subscript(
                value=ast.Name(id=read), slice=ast.Constant(value=int(n))
            ):
                counts += [n + 1] if read == name else []
            case ast.Assign(
                targets=[ast.Tuple(elts=names) | ast.List(elts=names)],
                value=ast.Name(id=read),
            ) if read == name and not any(isinstance(n, ast.Starred) for n in names):
                counts.append(len(names))
    every = [n for n in code.nodes if isinstance(n, ast.Name) and n.id == name]
    return max(counts) if counts and len(every) == len(counts) else 0


def sure(body: list[ast.stmt]) -> list[ast.AST]:
    """The statements before one that may return from a branch."""
    sure: list[ast.AST] = []
    for statement in body:
        sure.append(statement)
        branches = isinstance(statement, ast.If)
        if branches and any(isinstance(n, ast.Return) for n in ast.walk(statement)):
            break
    return sure


def _ranges(code: Code) -> Iterator[str]:
    trees: list[ast.AST] = [code.expression] if code.is_expression else sure(code.body)
    while trees:
        node = trees.pop()
        match node:
            case ast.Call(func=ast.Name(id="range"), args=[ast.Name() as name]):
                if name in code.names.free:
                    yield name.id
        if not isinstance(node, LATER):
            trees += ast.iter_child_nodes(node)
