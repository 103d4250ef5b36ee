"""Functions that stand in a module before its class, as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from layergen.source.literals import NO_TEXT, DocText, docstring_text
from layergen.source.statements import (
    Assign,
    Run,
    Statement,
    code_of,
)


@dataclass(frozen=True)
class ModuleFunction:
    """A function as text: decorators, parameters, docstring and what it does."""

    name: str
    parameters: tuple[str, ...]
    body: Body
    decorators: tuple[str, ...] = ()
    doc: DocText = NO_TEXT
    kind = "function"

    def codes(self) -> Iterator[str]:
        """Every piece of Python in it, such as it is outside of the function."""
        yield from (decorator.removeprefix("@") for decorator in self.decorators)
        for part in self.body:
            yield from (
                part.codes() if isinstance(part, ModuleFunction) else code_of(part)
            )


Body: TypeAlias = tuple[Statement | ModuleFunction, ...]

BROADCAST, UNBROADCAST = "_broadcast", "_unbroadcast"


def broadcasting() -> tuple[ModuleFunction, ModuleFunction]:
    """The helpers of derived gradients of several tensors.

    A gradient is summed over the axes on which its tensor was spread. Where only run
    time shows which those are, the tensor is stretched before, so that autodiff sums.
    """
    return _stretching(), _summing()


def _stretching() -> ModuleFunction:
    settled = "None not in sizes or sizes.count(1) == len(sizes) - 1"
    zeros = 'ops.zeros_like(t, dtype="uint8") for t in tensors'
    body = (
        Assign("rank", "max(len(tensor.shape) for tensor in tensors)"),
        Assign(
            "shapes", "[(1,) * (rank - len(t.shape)) + tuple(t.shape) for t in tensors]"
        ),
        Run(
            f"if all({settled} for sizes in zip(*shapes, strict=True)):\n"
            "    return tensors"
        ),
        Assign("shape", f"ops.shape(sum({zeros}))"),
        Run(
            "return [ops.broadcast_to(t, shape) if None in t.shape else t for t in tensors]"
        ),
    )
    said = "Stretches tensors where only run time shows what is spread."
    return ModuleFunction(BROADCAST, ("*tensors",), body, doc=docstring_text(said))


def _summing() -> ModuleFunction:
    axes = "range(len(gradient.shape)) if i < added or tensor.shape[i - added] == 1"
    summed = "ops.reshape(ops.sum(gradient, axis=spread), ops.shape(tensor))"
    body = (
        Assign("added", "len(gradient.shape) - len(tensor.shape)"),
        Assign("spread", f"[i for i in {axes}]"),
        Run(f"if spread:\n    gradient = {summed}"),
        Run("return ops.cast(gradient, tensor.dtype)"),
    )
    said = "Sums a gradient over what broadcasting spread of its tensor."
    return ModuleFunction(
        UNBROADCAST, ("gradient", "tensor"), body, doc=docstring_text(said)
    )
