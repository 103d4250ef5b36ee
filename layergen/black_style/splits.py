"""How Black splits a line that is too long, or has a magic trailing comma.

This follows Black's `linegen.py` and keeps its names: a line is split at its last pair of
brackets (the right-hand split) and what was inside by its delimiters of the highest
priority. Brackets without text are those that Black may show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from layergen.black_style.leaves import COMMA, DOT, Leaf, Unsure

# What begins a list of names, at whose commas Black does not split, and what ends it.
HEADS = {"for": "in", "lambda": ":"}


class CannotSplit(Exception):
    """A way to split does not apply to a line."""


@dataclass(eq=False)
class Line:
    """Tokens at a depth of indentation."""

    depth: int
    leaves: list[Leaf]
    inside: bool = False
    explode: bool = False
    magic: bool = False
    delimiters: dict[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        first, *rest = self.leaves
        words = [" " + leaf.text if leaf.space else leaf.text for leaf in rest]
        return "    " * self.depth + first.text + "".join(words)

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
                depth += 1
            previous = index
            if leaf.kind == "keyword" and leaf.text in HEADS:
                depth += 1
                loops.append((depth, HEADS[leaf.text]))


@dataclass(frozen=True)
class Parts:
    """A line split at a pair of brackets."""

    head: Line
    body: Line
    tail: Line
    opening: Leaf
    closing: Leaf


def fits(text: str, width: int) -> bool:
    """Whether a line is short enough; other characters than ASCII may be 0 to 2 wide."""
    if text.isascii():
        return len(text) <= width
    others = sum(not c.isascii() for c in text)
    if len(text) + others <= width:
        return True
    if len(text) - others > width:
        return False
    raise Unsure


@dataclass(frozen=True)
class Splitter:
    """Splits lines for a width; `star_commas` allows commas after `*args`."""

    width: int
    star_commas: bool

    def short(self, line: Line, width: int | None = None) -> bool:
        return fits(str(line), self.width if width is None else width)

    def lines(self, line: Line) -> list[str]:
        """The lines that Black makes of a line."""
        if not (line.explode or line.magic) and self.short(line):
            return [str(line)]
        ways: list[Callable[[Line], list[Line]]] = [self.right_hand_with_omits]
        if not line.inside and line.leaves[0].text == "def":
            ways = [self.left_hand]
        elif line.inside:
            ways.insert(0, self.by_delimiters)
        for way in ways:
            try:
                return self._recursed(line, way)
            except CannotSplit:
                continue
        return [str(line)]

    def _recursed(self, line: Line, way: Callable[[Line], list[Line]]) -> list[str]:
        whole = str(line)
        hidden = [leaf for leaf in line.leaves if leaf.kind == "open" and not leaf.text]
        result: list[str] = []
        for part in way(line):
            if str(part) == whole:
                raise CannotSplit
            result += self.lines(part)
        right_hand = way == self.right_hand_with_omits
        if right_hand and hidden and not any(leaf.text for leaf in hidden):
            if not fits(result[0], self.width):
                raise Unsure  # Black tries again with the parentheses shown
        return result

    def left_hand(self, line: Line) -> list[Line]:
        """Split at the parameters of a `def`."""
        start = next(i for i, leaf in enumerate(line.leaves) if leaf.text == "(")
        closes = [leaf.opening is line.leaves[start] for leaf in line.leaves]
        if True not in closes[start + 2 :]:
            raise CannotSplit
        parts = _parts(line, start, closes.index(True))
        return [parts.head, parts.body, parts.tail]

    def by_delimiters(self, line: Line) -> list[Line]:
        """Split at the delimiters of the highest priority, with a trailing comma."""
        last = len(line.leaves) - 1
        priority = max((p for i, p in line.delimiters.items() if i != last), default=0)
        if not priority:
            raise CannotSplit
        if priority == DOT:
            raise Unsure
        groups: list[list[Leaf]] = [[]]
        for index, leaf in enumerate(line.leaves):
            groups[-1].append(leaf)
            if line.delimiters.get(index) == priority:
                groups.append([])
        if not groups[-1]:
            groups.pop()
        elif priority == COMMA:
            if any(leaf.kind == "star" and leaf.magic for leaf in line.leaves):
                if not self._star_comma_safe(line):
                    raise Unsure
            groups[-1].append(Leaf("comma", ",", priority=COMMA))
        result = [Line(line.depth, group, inside=line.inside) for group in groups]
        for part in result:
            part.leaves[0].space = False
            part.track()
        return result

    def _star_comma_safe(self, line: Line) -> bool:
        lowest = min(leaf.depth for leaf in line.leaves)
        return self.star_commas or not any(
            leaf.kind == "star" and leaf.magic and leaf.depth == lowest
            for leaf in line.leaves
        )

    def right_hand_with_omits(self, line: Line) -> list[Line]:
        """Split at the last brackets for which the first line is short enough."""
        first: list[Line] | None = None
        for omit in self._trailers_to_omit(line):
            if omit and self._head_too_long(line, omit):
                continue
            lines = self._right_hand(line, omit)
            if first is None and not omit:
                first = lines
            if self.short(lines[0]):
                return lines
        return first if first is not None else self._right_hand(line, set())

    def _head_too_long(self, line: Line, omit: set[int]) -> bool:
        target = next(
            (
                leaf.opening
                for leaf in reversed(line.leaves)
                if leaf.kind == "close" and id(leaf) not in omit
            ),
            None,
        )
        if target is None or not target.text or target not in line.leaves:
            return False
        before = line.leaves[: line.leaves.index(target)]
        return 4 * line.depth + sum(leaf.width for leaf in before) > self.width

    def _trailers_to_omit(self, line: Line) -> Iterator[set[int]]:
        omit: set[int] = set()
        if not line.magic:
            yield omit
        length = 4 * line.depth
        opening: Leaf | None = None
        closing: Leaf | None = None
        inner: set[int] = set()
        for index in range(len(line.leaves) - 1, -1, -1):
            leaf = line.leaves[index]
            length += leaf.width
            if length > self.width:
                break
            if opening:
                if leaf is opening:
                    opening = None
                elif leaf.kind == "close":
                    if leaf.magic:
                        break
                    inner.add(id(leaf))
            elif leaf.kind == "close":
                if index and line.leaves[index - 1].kind == "open":
                    inner.add(id(leaf))
                    continue
                if closing:
                    omit |= {id(closing), *inner}
                    inner.clear()
                    yield omit
                if leaf.magic:
                    break
                if leaf.text:
                    opening, closing = leaf.opening, leaf

    def _right_hand(self, line: Line, omit: set[int]) -> list[Line]:
        return self._without_parens(self._first_right_hand(line, omit), line, omit)

    def _first_right_hand(self, line: Line, omit: set[int]) -> Parts:
        """Split at the last brackets that are not to be omitted and hold something."""
        end = len(line.leaves) - 1
        while end >= 0:
            leaf = line.leaves[end]
            if leaf.kind == "close" and id(leaf) not in omit:
                start = _index(line.leaves, leaf.opening)
                if start + 1 < end:
                    return _parts(line, start, end)
                end = start
            end -= 1
        raise CannotSplit

    def _without_parens(self, parts: Parts, line: Line, omit: set[int]) -> list[Line]:
        """Split elsewhere than at parentheses that need not be shown, if that is nicer."""
        if not parts.opening.text and not _is_import(line) and self._can_omit(parts):
            omit = {id(parts.closing), *omit}
            try:
                others = self._first_right_hand(line, omit)
                if self._prefers(others, parts):
                    return self._without_parens(others, line, omit)
            except CannotSplit:
                if not self.short(parts.body) and not _can_be_split(parts.body):
                    raise
        parts.opening.text, parts.closing.text = parts.opening.text or "(", (
            parts.closing.text or ")"
        )
        return [parts.head, parts.body, parts.tail]

    def _prefers(self, others: Parts, parts: Parts) -> bool:
        """Whether to split at `others`, inside the parentheses of `parts`."""
        head = parts.head
        if len(head.leaves) < 2 or head.leaves[-2].text != "=":
            return True
        if not any(leaf.kind in ("open", "close") for leaf in head.leaves[:-1]):
            return True
        if not self.short(head, self.width - 1) or head.magic:
            return True
        after: list[Leaf] = []
        for leaf in reversed(others.head.leaves):
            if leaf.kind == "assign" and leaf.text == "=":
                return any(a.kind == "close" for a in after) or self.short(others.head)
            after.append(leaf)
        return any(leaf.kind == "close" for leaf in after)

    def _can_omit(self, parts: Parts) -> bool:
        """Whether what optional parentheses hold splits well without them."""
        body = parts.body
        if not body.delimiters:
            return True
        priority = max(body.delimiters.values())
        if priority == DOT:
            raise Unsure
        if list(body.delimiters.values()).count(priority) > 1:
            return False
        first, last = body.leaves[0], body.leaves[-1]
        if first.kind == "open" and body.leaves[1].kind != "close":
            if self._short_after(body, first):
                return True
        if last.kind != "close" or last.opening is None:
            return False
        if last.text == "]" and not last.opening.atom:
            return False
        return body.leaves[-2].kind != "open" and self._short_before(body, last.opening)

    def _short_after(self, body: Line, first: Leaf) -> bool:
        """Whether what follows the first brackets fits, up to brackets further on."""
        counted, length = False, 4 * body.depth
        for leaf in body.leaves:
            counted |= leaf.opening is first
            if counted:
                length += leaf.width
                if length > self.width:
                    return False
                counted = leaf.kind != "open"
        return True

    def _short_before(self, body: Line, last: Leaf) -> bool:
        """Whether what precedes the last brackets fits, or has others to split at."""
        length = 4 * body.depth
        for leaf in body.leaves:
            length += leaf.width
            if leaf is last:
                return length <= self.width
            if leaf.kind == "open":
                return True
        return False


def _parts(line: Line, start: int, end: int) -> Parts:
    """Head, body and tail around the brackets at two indices."""
    opening = line.leaves[start]
    head = Line(line.depth, line.leaves[: start + 1])
    head.track(_in_pairs(head.leaves))
    inner = line.leaves[start + 1 : end]
    alone = line.leaves[0].text == "def" and all(leaf.kind != "comma" for leaf in inner)
    if (alone or _is_import(line)) and inner[-1].kind != "comma":
        inner = [*inner, Leaf("comma", ",", priority=COMMA)]
    body = Line(line.depth + 1, inner, inside=True)
    body.track()
    trailing = inner[-1].kind == "comma"
    last = len(inner) - 1 if trailing else -1
    priorities = [p for i, p in body.delimiters.items() if i != last]
    body.explode = (trailing or opening.atom) and max(priorities, default=0) == COMMA
    return Parts(head, body, Line(line.depth, line.leaves[end:]), opening, line.leaves[end])


def _in_pairs(leaves: list[Leaf]) -> set[int]:
    """The indices of the tokens in brackets that open and close among them."""
    found: set[int] = set()
    for end, leaf in enumerate(leaves):
        if leaf.kind == "close":
            start = _index(leaves[:end], leaf.opening)
            found |= set(range(start, end + 1)) if start >= 0 else set()
    return found


def _index(leaves: list[Leaf], wanted: Leaf | None) -> int:
    return next((i for i, leaf in enumerate(leaves) if leaf is wanted), -1)


def _is_import(line: Line) -> bool:
    return line.leaves[0].kind == "keyword" and line.leaves[0].text == "from"


def _can_be_split(body: Line) -> bool:
    if len(body.leaves) > 1 and body.leaves[0].kind == "string":
        if body.leaves[1].kind == "dot":
            raise Unsure
    return len(body.leaves) > 1
