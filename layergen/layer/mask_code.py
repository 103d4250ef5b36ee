"""What the code of `mask` reads, and what stands for a mask that is missing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct

from layergen.forward.beside import asks_for_masks
from layergen.language.axes import Shape
from layergen.layer.constants import read_in_mask
from layergen.layer.facts import Facts
from layergen.source.code import Code
from layergen.source.statements import Assign, Branch, Run, Statement
from layergen.source.walk import children
from layergen.source.written import Written

SHAPES = {"shape", "ndim", "dtype"}


class MaskReads(Struct, frozen=True):
    """The `names` that the code reads, the `masks` and `tensors` (inputs) among them, each in
    the order of the inputs; `looks` where it looks into an input, not at its shape alone.
    """

    names: frozenset[str]
    masks: tuple[str, ...]
    tensors: tuple[str, ...]
    looks: bool

    @classmethod
    def of(cls, facts: Facts, code: Code) -> MaskReads:
        names = read_in_mask(facts)
        masks = tuple(mask for mask in facts.masked if mask in names)
        looks = any(name in facts.inputs for name in _looked_into(code))
        owners = {n: axis.owner for n, axis in facts.axes.items()}
        owners = {n: one for n, one in owners.items() if n not in facts.pinned}
        owners |= {**facts.rests, **facts.counts}
        wanted = {owner for name, owner in owners.items() if name in names}
        if fills(facts, masks, looks):
            wanted |= {facts.masked[mask] for mask in masks}
        tensors = tuple(n for n in facts.inputs if n in names or n in wanted)
        return cls(frozenset(names), masks, tensors, looks)


def fills(facts: Facts, masks: tuple[str, ...], looks: bool) -> bool:
    """Whether the code may run where some of the masks that it reads are missing."""
    if asks_for_masks(facts.spec):
        return False
    several = len(masks) > 1
    return several or looks or any(facts.inputs[facts.masked[m]].many for m in masks)


def missing(
    facts: Facts, read: MaskReads, all_true: Callable[[str, Shape], Written]
) -> Iterator[Statement]:
    """What comes before the code: a mask that is missing counts as all true; where all are
    and no input is looked into, there is none. Code that asks gets them as they come.
    """
    if asks_for_masks(facts.spec):
        lists = [m for m in read.masks if facts.inputs[facts.masked[m]].many]
        yield from (Branch(f"{mask} is None", (Run("return None"),)) for mask in lists)
    elif read.masks and not read.looks:
        absent = [_absent(facts, mask) for mask in read.masks]
        if len(absent) > 1:
            absent = [f"({one})" if " or " in one else one for one in absent]
        yield Branch(" and ".join(absent), (Run("return None"),))
    if not fills(facts, read.masks, read.looks):
        return
    for mask in read.masks:
        name = facts.masked[mask]
        tensor = facts.inputs[name]
        if tensor.many:
            one, given = facts.scope.fresh("tensor"), facts.scope.fresh("given")
            made = all_true(one, tensor.shape)
            pairs = f"zip({name}, {mask} or [None] * len({name}))"
            text = f"[{made} if {given} is None else {given} for {one}, {given} in {pairs}]"
            yield Assign(mask, Written(text, made))
        else:
            there = f" and {name} is not None" if tensor.optional else ""
            yield Branch(
                f"{mask} is None{there}", (Assign(mask, all_true(name, tensor.shape)),)
            )


def _absent(facts: Facts, mask: str) -> str:
    """Whether a mask is missing; of several tensors, all of theirs."""
    absent = f"{mask} is None"
    if facts.inputs[facts.masked[mask]].many:
        one = facts.scope.fresh("one")
        absent += f" or all({one} is None for {one} in {mask})"
    return absent


def _looked_into(code: Code) -> set[str]:
    """The names of which code reads more than what their shapes tell."""
    found: set[str] = set()
    todo: list[ast.AST] = [code.expression] if code.is_expression else [*code.body]
    while todo:
        node = todo.pop()
        match node:
            case ast.Attribute(value=ast.Name(), attr=attr) if attr in SHAPES:
                continue
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="ops"), attr=attr),
                args=[ast.Name()],
            ) if (
                attr in SHAPES
            ):
                continue
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name()]):
                continue
            case ast.Name(id=name):
                found.add(name)
        todo += children(node)
    return found
