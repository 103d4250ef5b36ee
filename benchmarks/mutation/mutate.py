"""Mutants: generated modules with one place changed, and a fixed choice of them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .kinds import KINDS
from .source import Source


@dataclass(frozen=True)
class Mutant:
    """A module broken in one place.

    Args:
        layer: Name of the module.
        kind: Name of the kind of breakage.
        line: Line of the place, from one.
        column: Column of the place, from one.
        description: What stood there and what stands there now.
        text: The whole text of the broken module.
        in_builder: Whether the place is in a function that builds a model.
    """

    layer: str
    kind: str
    line: int
    column: int
    description: str
    text: str
    in_builder: bool = False

    @property
    def name(self) -> str:
        """Layer, kind and change: it stays when other lines of the module move."""
        return f"{self.layer}, {self.kind}: {self.description}"

    def __str__(self) -> str:
        return f"{self.layer}.py:{self.line}:{self.column}, {self.kind}: {self.description}"


def mutants_of(source: Source) -> list[Mutant]:
    """Every mutant of a module, by kind and then by place; no two of the same text."""
    found: dict[str, Mutant] = {}
    unbroken = ast.dump(source.tree)
    for kind, edits in KINDS.items():
        for edit in sorted(edits(source), key=lambda one: (one.start, one.end)):
            text = source.applied(edit)
            if text in found or ast.dump(ast.parse(text)) == unbroken:
                continue
            old = source.data[edit.start : edit.end].decode()
            line, column = source.place(edit)
            description = f"`{one_line(old)}` → `{one_line(edit.new)}`"
            inside = source.in_builder(edit)
            found[text] = Mutant(
                source.name, kind, line, column, description, text, inside
            )
    return list(found.values())


def one_line(text: str) -> str:
    """A piece of code on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def chosen(mutants: Iterable[Mutant], count: int) -> list[Mutant]:
    """A fixed choice that spreads over kinds and layers.

    The kinds take turns; each gives a mutant whose change has been seen least so far,
    of the layer that has been chosen least so far.
    """
    left: dict[str, list[Mutant]] = {}
    for one in mutants:
        left.setdefault(one.kind, []).append(one)
    taken: list[Mutant] = []
    used: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    while len(taken) < count and any(left.values()):
        for ours in left.values():
            if ours and len(taken) < count:
                best = min(
                    ours,
                    key=lambda one: (seen[one.description], used[one.layer], one.layer),
                )
                ours.remove(best)
                used[best.layer] += 1
                seen[best.description] += 1
                taken.append(best)
    return in_order(taken)


def in_order(mutants: Sequence[Mutant]) -> list[Mutant]:
    """By layer, then by place."""
    return sorted(mutants, key=lambda one: (one.layer, one.line, one.column, one.kind))
