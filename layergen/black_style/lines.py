"""Lines of tokens: where they can be split, and what they measure."""

from __future__ import annotations

from copy import copy

from layergen.black_style.leaves import COMMA, Leaf, Unsure

# What begins a list of names, at whose commas Black does not split, and what ends it.
HEADS = {"for": "in", "lambda": ":"}
# Latin, Greek and Cyrillic letters, punctuation and arrows, which are one column wide.
NARROW = (("\x20", "\u02ff"), ("\u0370", "\u0482"), ("\u2010", "\u22ff"))


class Line:
    """Tokens at a depth of indentation, which may be from `inside` brackets.

    `hidden` are the opening ones of the parentheses that do not show.
    """

    explode = False
    magic = False

    def __init__(self, depth: int, leaves: list[Leaf], inside: bool = False) -> None:
        self.depth = depth
        self.leaves = leaves
        self.inside = inside
        self.delimiters: dict[int, int] = {}
        self.hidden: list[Leaf] = []

    def __str__(self) -> str:
        words = [" " + leaf.text if leaf.space else leaf.text for leaf in self.leaves]
        return "    " * self.depth + "".join(words).lstrip()

    def shown(self) -> str:
        """The line as Black prints it; it decides by one with spaces around each `**`."""
        if not any(leaf.hugs for leaf in self.leaves):
            return str(self)
        kept = [copy(leaf) for leaf in self.leaves]
        for leaf in kept:
            leaf.space = leaf.space and not leaf.hugs
        return str(Line(self.depth, kept))

    def copied(self) -> Line:
        """The same line of other tokens, for a second try."""
        copies = {id(leaf): copy(leaf) for leaf in self.leaves}
        for leaf in copies.values():
            leaf.opening = copies.get(id(leaf.opening), leaf.opening)
        line = Line(self.depth, list(copies.values()), self.inside)
        line.explode, line.magic = self.explode, self.magic
        line.track()
        return line

    def track(self, tracked: set[int] | None = None) -> None:
        """Find the delimiters and magic commas, among the tokens at `tracked`."""
        depth, previous = 0, -1
        loops: list[tuple[int, str]] = []
        seen: set[int] = set()
        for index, leaf in enumerate(self.leaves):
            if tracked is not None and index not in tracked:
                continue
            if leaf.kind == "close" and id(leaf.opening) not in seen:
                continue
            if loops and loops[-1] == (depth, leaf.text):
                depth -= 1
                loops.pop()
            if leaf.kind == "close":
                depth -= 1
                self.magic |= leaf.magic
            leaf.depth = depth
            if depth == 0 and leaf.priority:
                if leaf.kind == "comma":
                    self.delimiters[index] = leaf.priority
                elif previous >= 0:
                    self.delimiters[previous] = leaf.priority
            if leaf.kind == "open":
                seen.add(id(leaf))
                if not leaf.text:
                    self.hidden.append(leaf)
                depth += 1
            previous = index
            if leaf.kind == "keyword" and leaf.text in HEADS:
                depth += 1
                loops.append((depth, HEADS[leaf.text]))


class Parts:
    """A line split at a pair of brackets."""

    def __init__(self, head: Line, body: Line, tail: Line, opening: Leaf) -> None:
        self.head = head
        self.body = body
        self.tail = tail
        self.opening = opening
        self.closing = tail.leaves[0]


def fits(text: str, width: int) -> bool:
    """Whether a line is short enough; rare characters are none to two columns wide."""
    if text.isascii():
        return len(text) <= width
    others = sum(not any(low <= c <= high for low, high in NARROW) for c in text)
    if len(text) + others <= width:
        return True
    if len(text) - others > width:
        return False
    raise Unsure


def split_at(line: Line, start: int, end: int) -> Parts:
    """Head, body and tail around the brackets at two indices."""
    opening = line.leaves[start]
    head = Line(line.depth, line.leaves[: start + 1])
    head.track(_in_pairs(head.leaves))
    inner = line.leaves[start + 1 : end]
    alone = line.leaves[0].text == "def" and all(leaf.kind != "comma" for leaf in inner)
    if (alone or is_import(line)) and inner[-1].kind != "comma":
        inner = [*inner, Leaf("comma", ",", priority=COMMA)]
    body = Line(line.depth + 1, inner, inside=True)
    body.track()
    trailing = inner[-1].kind == "comma"
    last = len(inner) - 1 if trailing else -1
    priorities = [p for i, p in body.delimiters.items() if i != last]
    body.explode = (trailing or opening.atom) and max(priorities, default=0) == COMMA
    return Parts(head, body, Line(line.depth, line.leaves[end:]), opening)


def _in_pairs(leaves: list[Leaf]) -> set[int]:
    """The indices of the tokens in brackets that open and close among them."""
    found: set[int] = set()
    for end, leaf in enumerate(leaves):
        if leaf.kind == "close":
            start = index_of(leaves[:end], leaf.opening)
            found |= set(range(start, end + 1)) if start >= 0 else set()
    return found


def index_of(leaves: list[Leaf], wanted: Leaf | None) -> int:
    return next((i for i, leaf in enumerate(leaves) if leaf is wanted), -1)


def is_import(line: Line) -> bool:
    return line.leaves[0].kind == "keyword" and line.leaves[0].text == "from"
