"""Conditional expressions, each in parentheses that Black shows where it splits them."""

from __future__ import annotations

from layergen.black_style.leaves import COMPREHENSION, TERNARY, Leaf, Unsure

ENDS = ("comma", "close", "colon", "slice")
BEGINS = ("comma", "colon", "slice", "star", "assign", "keyword=")
WORDS = ("return", "assert", "if", "elif", "while", "in")


class Expressions:
    """The expressions in one pair of brackets, or in a statement.

    The current one begins at the index `start`; `conditional` holds where each
    conditional expression begins that has not ended.
    """

    def __init__(self, start: int) -> None:
        self.start = start
        self.conditional: list[int] = []


def enclosed(leaves: list[Leaf]) -> list[Leaf]:
    """The tokens of a statement with parentheses around conditional expressions.

    Those that are all of what a pair of parentheses holds have them already.
    """
    found: list[Leaf] = []
    open_ones = [Expressions(0)]
    for index, leaf in enumerate(leaves):
        inner = open_ones[-1]
        if leaf.kind in ENDS or leaf.priority == COMPREHENSION:
            _close(inner, found, leaf)
        if leaf.kind == "close":
            open_ones.pop()
        if leaf.priority == TERNARY and leaf.text == "if":
            if len(open_ones) == 1 and not inner.start:
                raise Unsure
            inner.conditional.append(inner.start)
        found.append(leaf)
        if leaf.kind == "open":
            open_ones.append(Expressions(len(found)))
        elif leaf.kind in BEGINS or leaf.text == "else" or _leads(leaves, index):
            inner.start = len(found)
    _close(open_ones[0], found, None)
    return found


def _leads(leaves: list[Leaf], index: int) -> bool:
    """Whether an expression follows a keyword."""
    leaf = leaves[index]
    if leaf.kind != "keyword" or leaf.text not in WORDS or leaf.priority:
        return False
    return leaf.text != "in" or leaves[index - 1].text != "not"


def _close(inner: Expressions, found: list[Leaf], end: Leaf | None) -> None:
    """Put the conditional expressions that end here in parentheses."""
    while inner.conditional:
        start = inner.conditional.pop()
        before = found[start - 1]
        if end and end.text == ")" and end.opening is before:
            continue
        first = found[start]
        opening = Leaf("open", "", space=first.space, atom=True)
        first.space = False
        found.insert(start, opening)
        found.append(Leaf("close", "", opening=opening))
