"""Functions of what is generated: of a module, of a class, of a test, and inner ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct

from layergen.source.literals import NO_TEXT, DocText, docstring_text
from layergen.source.statements import (
    Assign,
    Run,
    Statement,
    reads_in,
)
from layergen.source.written import Written, reads_of


class Function(Struct, frozen=True):
    """A function as text: decorators, parameters, docstring and what it does."""

    name: str
    parameters: tuple[str, ...]
    body: Body
    decorators: tuple[str, ...] = ()
    doc: DocText = NO_TEXT
    kind = "function"

    @property
    def reads(self) -> frozenset[str]:
        """The names from outside that the function reads, as the code in it knows them."""
        inner = (
            part.reads if isinstance(part, Function) else reads_in(part)
            for part in self.body
        )
        return reads_of((*self.decorators, *self.parameters)).union(*inner)


Body: TypeAlias = tuple[Statement | Function, ...]


def method(
    name: str,
    parameters: Iterable[str],
    body: Iterable[Statement],
    doc: DocText = NO_TEXT,
) -> Function:
    """A function of a class, which takes `self` first."""
    return Function(name, ("self", *parameters), tuple(body), doc=doc)


BROADCAST, UNBROADCAST = "_broadcast", "_unbroadcast"


def broadcasting() -> tuple[Function, Function]:
    """The helpers of derived gradients of several tensors.

    A gradient is summed over the axes on which its tensor was spread. Where only run
    time shows which those are, the tensor is stretched before, so that autodiff sums.
    """
    return _stretching(), _summing()


def _stretching() -> Function:
    settled = "None not in sizes or sizes.count(1) == len(sizes) - 1"
    zeros = 'ops.zeros_like(t, dtype="uint8") for t in tensors'
    stretched = "ops.broadcast_to(t, shape) if None in t.shape else t"
    body = (
        Assign("rank", "max(len(tensor.shape) for tensor in tensors)"),
        Assign(
            "shapes", "[(1,) * (rank - len(t.shape)) + tuple(t.shape) for t in tensors]"
        ),
        Run(
            f"if all({settled} for sizes in zip(*shapes, strict=True)):\n"
            "    return tensors"
        ),
        Assign("shape", Written(f"ops.shape(sum({zeros}))", reads=["ops"])),
        Run(Written(f"return [{stretched} for t in tensors]", reads=["ops"])),
    )
    said = "Stretches tensors where only run time shows what is spread."
    return Function(BROADCAST, ("*tensors",), body, doc=docstring_text(said))


def _summing() -> Function:
    axes = "range(len(gradient.shape)) if i < added or tensor.shape[i - added] == 1"
    summed = "ops.reshape(ops.sum(gradient, axis=spread), ops.shape(tensor))"
    body = (
        Assign("added", "len(gradient.shape) - len(tensor.shape)"),
        Assign("spread", f"[i for i in {axes}]"),
        Run(Written(f"if spread:\n    gradient = {summed}", reads=["ops"])),
        Run(Written("return ops.cast(gradient, tensor.dtype)", reads=["ops"])),
    )
    said = "Sums a gradient over what broadcasting spread of its tensor."
    return Function(UNBROADCAST, ("gradient", "tensor"), body, doc=docstring_text(said))
