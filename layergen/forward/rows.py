"""Whether what a layer returns for one sample rests on other samples of the batch.

Told by the shapes: where an operation makes an axis of samples go, or stand twice, samples
meet, and so they do along such an axis. What only goes into a loss is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from layergen.forward.analyse import Forward
from layergen.forward.shapes import REST
from layergen.forward.sizes import Axis, Poly
from layergen.forward.values import Module, Tensor
from layergen.keras_tables.operations import PLACED, op
from layergen.language.axes import Rest
from layergen.language.model import Spec
from layergen.source.code import Size
from layergen.source.trees import statements
from layergen.source.walk import children, nodes


class Rows:
    """A spec's code as it runs at inference, by `analysis`, with an eye on its samples."""

    def __init__(self, spec: Spec, analysis: Forward) -> None:
        self.spec, self.analysis = spec, analysis
        fronts = [
            (one.name, dims[0]) for one in spec.inputs if (dims := one.shape.dims)
        ]
        self.batches = {dim.text for _, dim in fronts if isinstance(dim, Size)}
        self.unnamed = {Axis(name, 0) for name, _ in fronts}
        self.in_rest = any(isinstance(dim, Rest) for _, dim in fronts)

    @property
    def mix(self) -> bool:
        """Whether an operation surely mixes samples on the way to an output."""
        return any(self._mixes(node) for node in self._returned())

    def _returned(self) -> Iterator[ast.expr]:
        """What runs and has a part in what is returned."""
        trees = _reaching_a_return(statements(self.spec.forward))
        trees += [one for f in self.spec.functions for one in statements(f.forward)]
        for node in nodes(trees):
            if isinstance(node, ast.expr) and self.analysis.runs(node):
                yield node

    def _mixes(self, node: ast.expr) -> bool:
        if not isinstance(node, (ast.Call, ast.BinOp, ast.Subscript, ast.Attribute)):
            return False
        given = [
            places
            for child in children(node)
            for part in ([child.value] if isinstance(child, ast.keyword) else [child])
            if isinstance(part, ast.expr)
            and (places := self._samples(part)) is not None
        ]
        if not any(given):
            return False
        made = self._samples(node)
        if made is not None:
            gone = not made and None not in self._shape(node)
            if gone or len(made) > max(1, *map(len, given)):
                return True
        return isinstance(node, ast.Call) and self._along(node)

    def _along(self, call: ast.Call) -> bool:
        """Whether the elements of an axis of samples meet in a call."""
        function = self.analysis.at(call.func)
        name = function.path.rpartition(".")[2] if isinstance(function, Module) else ""
        known = op(name)
        if known is None or name in PLACED or known.takes_function:
            return False
        order = [one.name for one in known.parameters]
        given = dict(zip(order, call.args, strict=False))
        given |= {one.arg: one.value for one in call.keywords if one.arg}
        tensor, axes = given.get(order[0]), given.get("axis", given.get("axes"))
        if tensor is None or not isinstance(axes, ast.expr):
            return False
        samples, shape = self._samples(tensor), self._shape(tensor)
        try:
            found = ast.literal_eval(axes)
        except ValueError:
            return False
        numbers = found if isinstance(found, tuple | list) else [found]
        places = [n for n in numbers if isinstance(n, int) and REST not in shape[n:]]
        if samples and shape and REST not in shape:
            return any(n % len(shape) in samples for n in places)
        return bool(samples) and 0 in numbers  # It is the first of `...`.

    def _shape(self, node: ast.expr) -> tuple[object, ...]:
        value = self.analysis.at(node)
        known = isinstance(value, Tensor) and isinstance(value.shape, tuple)
        return value.shape if known else ()  # type: ignore[union-attr,return-value]

    def _samples(self, node: ast.expr) -> tuple[int, ...] | None:
        """The places of axes of samples in a tensor; None for what is none, or of unknown
        rank."""
        value = self.analysis.at(node)
        if not isinstance(value, Tensor) or not isinstance(value.shape, tuple):
            return None
        return tuple(i for i, size in enumerate(value.shape) if self._is_batch(size))

    def _is_batch(self, size: object) -> bool:
        if size is REST:
            return self.in_rest
        atoms = {*size.atoms} if isinstance(size, Poly) else set()
        return bool(atoms & (self.batches | self.unnamed))


def _reaching_a_return(body: list[ast.stmt]) -> list[ast.AST]:
    """Returned expressions, tests, and what is assigned to names that these rest on."""
    plain: list[ast.AST] = []
    assigned: list[tuple[ast.AST, set[str], set[str]]] = []
    for node in nodes(body):
        if isinstance(node, ast.Return) and node.value:
            plain.append(node.value)
        elif isinstance(node, ast.If | ast.While):
            plain.append(node.test)
        elif (
            isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value
        ):
            stored, read = _names(node)
            assigned.append((node.value, stored, read))
        elif isinstance(node, ast.For):
            stored, read = _names(node.target)[0], _names(node.iter)[1]
            assigned.append((node.iter, stored, read))
    live = {name for one in plain for name in _names(one)[1]}
    for _ in assigned:
        for _, stored, read in assigned:
            live |= read if stored & live else set()
    return plain + [value for value, stored, _ in assigned if stored & live]


def _names(tree: ast.AST) -> tuple[set[str], set[str]]:
    """The names that a piece of code stores, and those that it reads."""
    stored, read = set[str](), set[str]()
    for node in nodes([tree]):
        if isinstance(node, ast.Name):
            (stored if isinstance(node.ctx, ast.Store) else read).add(node.id)
    return stored, read
