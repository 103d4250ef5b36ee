"""Sizes that code leaves to shapes and to `-1`, where a graph leaves an axis open.

There `x.shape` holds None and `ops.shape(x)` a tensor, and no graph works out the `-1` of
`ops.reshape` beside a size that is a tensor. A size that `build` knows is written as that,
whether one is taken or all are; any other is asked for by `ops.shape`, which gives a
number wherever there is one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import Struct

from layergen.forward.asked import operation, path
from layergen.forward.late import Late
from layergen.forward.shapes import REST
from layergen.forward.values import Items, Many, Number, Tensor, Value, there
from layergen.layer.bare import bare_functions, codes
from layergen.layer.facts import Facts
from layergen.layer.written_shapes import Form, Part, ShapeRead, is_size, names_of
from layergen.source.code import Code
from layergen.source.rewrite import Bind, Instead
from layergen.source.walk import children


def read_shapes(facts: Facts, code: Code) -> Mapping[ast.AST, ShapeRead]:
    """What becomes of the shapes that a piece of code reads, by the node that it is
    written for; shapes that stay as they are have none."""
    known = facts.at_build if _sees_sizes(facts, code) else frozenset()
    reads = [*_left_over(facts, code, known)]
    above = _above(code)
    for node, tensor in _shapes(facts, code, above):
        read = _Reading(facts, known, above, node, tensor).read()
        reads += [read] if read else []
    return {read.node: read for read in reads}


def asked(facts: Facts, code: Code, bind: Bind) -> dict[ast.AST, Instead]:
    """The same as text, given how names are read."""
    reads = read_shapes(facts, code)
    return {node: read.asked(bind) for node, read in reads.items()}


def asked_late(facts: Facts, code: Code) -> frozenset[ast.expr]:
    """The shapes, as they are read, of which a size may be open."""
    reads = read_shapes(facts, code).values()
    return frozenset(
        read.shape
        for read in reads
        if not read.parts or len(read.known) < len(read.parts)
    )


def sizes_in(facts: Facts, code: Code) -> set[str]:
    """The names that the sizes rest on which are written in a piece of code."""
    reads = read_shapes(facts, code).values()
    return names_of(size for read in reads for size in read.known)


class _Reading(Struct, frozen=True):
    """One place where code reads a shape: `node` is `x.shape` or `ops.shape(x)`, `known`
    the names that can be written there, `parents` what each node stands in."""

    facts: Facts
    known: frozenset[str]
    parents: Mapping[ast.AST, ast.AST]
    node: ast.expr
    tensor: ast.expr

    def read(self) -> ShapeRead | None:
        """What is written for it, None where it stays as it is."""
        above = self.parents[self.node]
        match above:
            case ast.Subscript(value=value) if value is self.node:
                return self._item(above)
            case ast.Call(func=ast.Name(id="len")) | ast.Compare() | ast.Attribute():
                return None
            case ast.Call() | ast.keyword() if self._is_argument(above):
                return self._whole(self._at(self.node))
        return self._several(self.node, [*range(len(self._sizes))])

    def _item(self, item: ast.Subscript) -> ShapeRead | None:
        value = self._at(item)
        if isinstance(value, Number):
            if value.late:
                return self._whole(value)
            if self._is_known(value) and self._may_be_open:
                return self._made(item, (value.size,), "one")
        elif isinstance(value, Items):
            positions = self._positions(item.slice)
            if positions is not None:
                return self._several(item, positions)
        return self._several(self.node, [*range(len(self._sizes))])

    def _positions(self, index: ast.expr) -> list[int] | None:
        """Which sizes a slice takes, None for what does not show it."""
        if not isinstance(index, ast.Slice):
            return None
        given = (index.lower, index.upper, index.step)
        bounds = [None if one is None else self._at(one) for one in given]
        plain = [getattr(one, "value", None) for one in bounds]
        sure = (
            isinstance(n, int) or one is None
            for n, one in zip(plain, bounds, strict=True)
        )
        return [*range(len(self._sizes))][slice(*plain)] if all(sure) else None

    def _several(self, node: ast.AST, positions: list[int]) -> ShapeRead | None:
        """Some of the sizes, of which the known ones are written."""
        taken = [self._sizes[at] for at in positions]
        if not self._may_be_open or not any(map(self._is_known, taken)):
            return self._whole(self._at(node))  # type: ignore[arg-type]
        parts: list[Part] = []
        for (is_known, _), group in groupby(
            enumerate(positions), lambda one: self._kind(*one)
        ):
            run = [at for _, at in group]
            if is_known:
                parts += [self._sizes[at].size for at in run]
            else:
                parts.append(self._run(run))
        again = sum(not is_size(part) for part in parts) > 1
        by_name = again and not _is_plain(self.tensor)
        if by_name and self._in_comprehension:
            return self._whole(self._at(self.node))
        name = self.facts.scope.fresh("shape") if by_name else ""
        match self.parents[node]:
            case ast.Starred() as spread:
                return self._made(spread, tuple(parts), "...", name)
            case ast.Assign(targets=[ast.Tuple()]) if len(parts) > 1:
                return self._made(node, tuple(parts), "...", name)
        return self._made(node, tuple(parts), "(...)", name)

    def _kind(self, index: int, position: int) -> tuple[bool, int]:
        """What is alike of sizes that are written together: known, or in a row."""
        is_known = self._is_known(self._sizes[position])
        return is_known, 0 if is_known else position - index

    def _run(self, run: list[int]) -> Part:
        """Sizes in a row that are asked for: counted from the end that `...` is not at."""
        count = len(self._sizes)
        rest = self._sizes.index(REST) if REST in self._sizes else count
        first, last = run[0], run[-1] + 1
        if len(run) == 1 and first != rest:
            return str(first if first < rest else first - count)
        start = str(first if first <= rest else first - count) if first else ""
        end = (
            str(last if last <= rest < count else last - count) if last < count else ""
        )
        return start, end

    def _whole(self, value: Value) -> ShapeRead | None:
        """All that `ops.shape` gives, where a size of it may be a tensor."""
        is_call = isinstance(self.node, ast.Call)
        return None if is_call or not _holds_late(value) else self._made(self.node)

    def _made(
        self,
        node: ast.AST,
        parts: tuple[Any, ...] = (),
        form: Form = "(...)",
        name: str = "",
    ) -> ShapeRead:
        return ShapeRead(node, self.node, self.tensor, parts, form, name)

    @property
    def _sizes(self) -> tuple[Any, ...]:
        value = self._at(self.node)
        return value.items if isinstance(value, Items) else ()

    def _is_known(self, value: Any) -> bool:
        """Whether a size is one that can be written."""
        if not isinstance(value, Number) or value.late:
            return False
        return _can_be_written(value.size, self.known)

    @property
    def _may_be_open(self) -> bool:
        """Whether a graph may leave axes of the tensor open."""
        name = self.tensor.id if isinstance(self.tensor, ast.Name) else ""
        sizes = [one.size for one in self._sizes if isinstance(one, Number)]
        return (
            name in self.facts.inputs
            or _holds_late(self._at(self.node))
            or bool(names_of(size for size in sizes if size) & {*self.facts.pinned})
        )

    @property
    def _in_comprehension(self) -> bool:
        """Whether Python may take no name for a value here."""
        node: ast.AST | None = self.node
        while node is not None and not isinstance(node, ast.comprehension):
            node = self.parents.get(node)
        return node is not None

    def _is_argument(self, node: ast.AST) -> bool:
        """Whether it is handed to a function of Keras, which takes sizes of any kind."""
        call = self.parents[node] if isinstance(node, ast.keyword) else node
        assert isinstance(call, ast.Call)
        return path(self.facts.analysis, call.func).startswith("keras.")

    def _at(self, node: ast.expr) -> Value:
        return there(self.facts.analysis.at(node))


def _above(code: Code) -> dict[ast.AST, ast.AST]:
    """What each node stands in."""
    found: dict[ast.AST, ast.AST] = {}
    todo: list[ast.AST] = [*code.body]
    while todo:
        node = todo.pop()
        # Python gives no usable positions inside an f-string.
        below = [] if isinstance(node, ast.JoinedStr) else children(node)
        found |= dict.fromkeys(below, node)
        todo += below
    return found


def _shapes(
    facts: Facts, code: Code, nodes: Iterable[ast.AST]
) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each shape of a tensor that is made when the layer runs, with the tensor."""
    variables = {*facts.weights, *facts.states, *facts.args, *facts.derived}
    kept = {name for name in code.names.free if name.id in variables}
    for node in nodes:
        tensor: ast.expr | None = None
        match node:
            case ast.Attribute(value=value, attr="shape"):
                tensor = value
            case ast.Call() if path(facts.analysis, node.func) == "keras.ops.shape":
                tensor = operation(facts.analysis, node)[1].get("x")
        if tensor is not None and tensor not in kept:
            if isinstance(there(facts.analysis.at(tensor)), Tensor):
                yield node, tensor  # type: ignore[misc]


def _left_over(facts: Facts, code: Code, known: frozenset[str]) -> Iterator[ShapeRead]:
    """Each `-1` in a shape beside sizes that may be tensors."""
    for call in (one for one in code.nodes if isinstance(one, ast.Call)):
        name, given = operation(facts.analysis, call)
        shape, result = given.get("newshape"), facts.analysis.at(call)
        if name != "reshape" or not isinstance(shape, (ast.Tuple, ast.List)):
            continue
        axes = result.shape if isinstance(result, Tensor) else None
        if not isinstance(axes, tuple) or len(axes) != len(shape.elts):
            continue
        if any(_holds_late(facts.analysis.at(one)) for one in shape.elts):
            for one, size in zip(shape.elts, axes, strict=True):
                if isinstance(one, ast.UnaryOp) and _can_be_written(size, known):
                    yield ShapeRead(one, one, one, (size,), "one")


def _can_be_written(size: Any, known: frozenset[str]) -> bool:
    """Whether a size rests on names alone that can be read."""
    return is_size(size) and names_of([size]) <= known


def _sees_sizes(facts: Facts, code: Code) -> bool:
    """Whether the names of sizes can be read in a piece of code."""
    bare = (facts.functions[name] for name in bare_functions(facts))
    return not any(code is one for function in bare for one in codes(function))


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression may be worked out twice."""
    match node:
        case ast.Name():
            return True
        case ast.Subscript(value=value, slice=ast.Constant()):
            return _is_plain(value)
    return False


def _holds_late(value: Value) -> bool:
    """Whether a size, or one of several, may be a tensor."""
    match value:
        case Number(late=late):
            return late is not Late.NEVER
        case Items(items=items, late=late):
            sizes = [one for one in items if isinstance(one, Number)]
            return late is not Late.NEVER or any(map(_holds_late, sizes))
        case Many(element=element):
            return _holds_late(element)
    return False
