"""Sizes that hand-written code reads of tensors: where, and of which axis.

Nobody declares the shapes of a hand-written layer's inputs. Each size that its code reads
gets a name of its own, as a spec's dimensions have, so that what is computed of it still
says where it is from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from layergen.forward.late import Late
from layergen.forward.shapes import REST, Begun
from layergen.forward.sizes import Poly, size_of
from layergen.forward.values import Items, Maybe, Number, Tensor, Value, there

BATCH = Begun(size_of("batch"))
"""The shape of a tensor whose first axis is the batch."""


class Read(Struct, frozen=True):
    """A size that stands at `node`: of the batch or of another axis; `late` where it may
    be a tensor, else it is a number or None."""

    node: ast.expr
    of_batch: bool
    late: bool


class Sizes(Struct, frozen=True):
    """The sizes that are read, by their names."""

    names: dict[Read, str] = field(default_factory=dict)
    known: dict[str, Read] = field(default_factory=dict)

    def size(self, read: Read) -> Value:
        """A size as a number, which is None in graphs if it is not late."""
        name = self.names.setdefault(read, f"size {len(self.names)}")
        self.known[name] = read
        number = Number("int", size_of(name), _late(read.late))
        return number if read.late else Maybe(number)

    def shape(self, node: ast.expr, of_batch: bool, late: bool) -> Items:
        """A shape of which no more is known than whether it begins with the batch."""
        first = (self.size(Read(node, True, late)),) if of_batch else ()
        return Items((*first, REST), _late(late))

    def item(self, node: ast.expr, found: Value, shape: Items) -> Value:
        """A size that is taken of a shape at `node`."""
        number = there(found)
        if not isinstance(number, Number):
            return found
        if number.value is None:
            return self.size(Read(node, False, bool(shape.late)))
        return (
            self.size(replace(read, node=node))
            if (read := self.alone(found))
            else found
        )

    def part(self, node: ast.expr, shape: Items, front: bool) -> Items:
        """A slice of a shape; `front` where it begins with the first size."""
        return self.shape(node, front and shape.items[0] is not REST, bool(shape.late))

    def spread(self, parts: list[ast.expr], shape: Items) -> Items:
        """A shape as what is unpacked to `parts`."""
        at = shape.items.index(REST)
        found: list[Value] = []
        for index, part in enumerate(parts):
            if isinstance(part, ast.Starred):
                found.append(Items((REST,), shape.late))
            elif index < at:
                found.append(shape.items[index])
            else:
                found.append(self.size(Read(part, False, bool(shape.late))))
        return Items(tuple(found), shape.late)

    def of(self, value: Value) -> Iterator[Read]:
        """The sizes that a number rests on."""
        number = there(value)
        if isinstance(number, Number) and isinstance(number.value, Poly):
            for atom in number.value.atoms:
                if isinstance(atom, str) and atom in self.known:
                    yield self.known[atom]

    def missing(self, value: Value) -> Iterator[Read]:
        """The sizes of the batch that a value holds which is None in graphs."""
        if isinstance(value, Maybe):
            yield from (read for read in self.of(value) if read.of_batch)

    def alone(self, value: Value) -> Read | None:
        """The size that a number is, None where it is none or made of some."""
        number = there(value)
        if isinstance(number, Number) and isinstance(number.value, Poly):
            return self.known.get(number.value.name)
        return None

    def begins_with_batch(self, shape: Any) -> bool:
        """Whether the first axis of a tensor of this shape is the batch."""
        if not isinstance(shape, tuple) or not shape or not isinstance(shape[0], Poly):
            return isinstance(shape, Begun)
        read = self.known.get(shape[0].name)
        return read is not None and read.of_batch


def _late(known: bool) -> Late:
    return Late.SURELY if known else Late.NEVER


def is_shape(value: Value) -> bool:
    """Whether a value is a shape that was read."""
    return isinstance(value, Items) and REST in value.items


def plain(tensor: Tensor, sizes: Sizes) -> Tensor:
    """A tensor of which no more is kept than can be told apart: no two of them share the
    axes that `...` stands for."""
    if isinstance(tensor.shape, tuple):
        if sizes.begins_with_batch(tensor.shape) and len(tensor.shape) > 1:
            return replace(tensor, shape=BATCH)
        if REST in tensor.shape:
            return replace(tensor, shape=None)
    return tensor
