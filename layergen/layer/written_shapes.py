"""What stands where code reads the shape of a tensor, of which some sizes are known."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, Literal, TypeGuard

from msgspec import Struct

from layergen.forward.sizes import (
    Item,
    Poly,
    Quotient,
    Remainder,
    Size,
    bound,
    text_of,
)
from layergen.source.rewrite import Bind, Instead
from layergen.source.written import Written

Slice = tuple[str, str]
"""Where some axes begin and where they end, as a slice of a shape has it."""
Part = Size | Slice | str
"""Of a shape: a size that is known, several that are asked for, or one by its index."""
Form = Literal["one", "(...)", "..."]

SHAPE = Written("ops.shape({})", reads=["ops"])


class ShapeRead(Struct, frozen=True):
    """What stands for `node`, which reads the `shape` of `tensor`: one of its sizes; some
    or all of them, as a tuple or without its parentheses; or, where there are no `parts`,
    all that `ops.shape` gives. What is asked for more than once may get a `name`."""

    node: ast.AST
    shape: ast.expr
    tensor: ast.expr
    parts: tuple[Part, ...] = ()
    form: Form = "(...)"
    name: str = ""

    @property
    def known(self) -> list[Size]:
        """The sizes in it that `build` knows."""
        return [part for part in self.parts if is_size(part)]

    def asked(self, bind: Bind) -> Instead:
        """Its text, given how names are read."""
        if not self.parts:
            return Instead((self.tensor,), SHAPE)
        if self.form == "one":
            [size] = self.known
            return Instead((), _operand(self.node, size, bind))
        whole, texts = SHAPE, []
        if self.name:
            whole = Written(f"({self.name} := {SHAPE})", SHAPE)
        for part in self.parts:
            texts.append(_part(part, whole, bind))
            if self.name and not is_size(part):
                whole = Written(self.name)
        inside = Written(", ".join(texts), texts)
        tensors = (self.tensor,) * inside.count("{}")
        if self.form == "...":
            return Instead(tensors, inside)
        end = ",)" if len(texts) == 1 else ")"
        return Instead(tensors, Written(f"({inside}{end}", inside))


def names_of(sizes: Iterable[Size]) -> set[str]:
    """The names that some sizes rest on."""
    known = (size for size in sizes if not isinstance(size, int))
    parts = (Quotient, Remainder)
    atoms = (atom for size in known for atom in size.atoms)
    plain = (atom for atom in atoms if not isinstance(atom, parts))
    return {atom.name if isinstance(atom, Item) else str(atom) for atom in plain}


def is_size(part: Any) -> TypeGuard[Size]:
    """Whether it is a size that is known."""
    return isinstance(part, (int, Poly))


def _part(part: Part, whole: Written, bind: Bind) -> str:
    match part:
        case (start, end):
            taken = f"[{start}:{end}]" if start or end else ""
            return Written(f"*{whole}{taken}", whole)
        case str():
            return Written(f"{whole}[{part}]", whole)
    return text_of(part, lambda atom: bound(atom, bind))


def _operand(node: ast.AST, size: Size, bind: Bind) -> str:
    """A size as it stands for a node."""
    text = text_of(size, lambda atom: bound(atom, bind))
    match size:
        case Poly(terms=((((Quotient() | Remainder()),), 1),)):
            text = text[1:-1]
    alone = isinstance(size, int) or size.name or isinstance(node, ast.UnaryOp)
    return text if alone else f"({text})"
