"""How Black splits a line that is too long, or has a magic trailing comma.

This follows Black's `linegen.py` and keeps its names: a line is split at its last pair of
brackets (the right-hand split) and what was inside by its delimiters of the highest
priority. Brackets without text are those that Black may show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from layergen.black_style.leaves import COMMA, DOT, MATH, Leaf, Unsure
from layergen.black_style.lines import (
    Line,
    Parts,
    fits,
    index_of,
    is_import,
    split_at,
)
from layergen.black_style.parentheses import can_be_split, can_omit, prefers


class CannotSplit(Exception):
    """A way to split does not apply to a line."""


Way = Callable[[Line], list[Line]]


class Splitter:
    """Splits lines for a width; `star_commas` allows commas after `*args`.

    With `forced`, parentheses that may be shown are.
    """

    def __init__(self, width: int, star_commas: bool, forced: bool = False) -> None:
        self.width = width
        self.star_commas = star_commas
        self.forced = forced

    def lines(self, line: Line) -> list[str]:
        """The lines that Black makes of a line."""
        shown = line.shown()
        if not (line.explode or line.magic) and fits(shown, self.width):
            return [shown]
        ways: list[Way] = [self.right_hand_with_omits]
        if not line.inside and line.leaves[0].text == "def":
            ways = [self.left_hand]
        elif line.inside:
            ways.insert(0, self.by_delimiters)
        for way in ways:
            try:
                return self._recursed(line, way)
            except CannotSplit:
                continue
        return [shown]

    def _recursed(self, line: Line, way: Way) -> list[str]:
        whole = str(line)
        optional = [leaf for leaf in line.hidden if leaf.depth == 0]
        result: list[str] = []
        for part in way(line):
            if str(part) == whole:
                raise CannotSplit
            result += self.lines(part)
        if way != self.right_hand_with_omits or self.forced or not line.hidden:
            return result
        if any(leaf.text for leaf in optional) or fits(result[0], self.width):
            return result
        forced = Splitter(self.width, self.star_commas, forced=True)
        other = forced._recursed(line.copied(), forced.right_hand_with_omits)
        return other if all(fits(text, self.width) for text in other) else result

    def left_hand(self, line: Line) -> list[Line]:
        """Split at the parameters of a `def`."""
        start = next(i for i, leaf in enumerate(line.leaves) if leaf.text == "(")
        closes = [leaf.opening is line.leaves[start] for leaf in line.leaves]
        if True not in closes[start + 2 :]:
            raise CannotSplit
        split = split_at(line, start, closes.index(True))
        return [split.head, split.body, split.tail]

    def by_delimiters(self, line: Line) -> list[Line]:
        """Split at the delimiters of the highest priority, with a trailing comma."""
        last = len(line.leaves) - 1
        priority = max((p for i, p in line.delimiters.items() if i != last), default=0)
        if not priority:
            raise CannotSplit
        if priority in (DOT, MATH["**"]):
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
            if fits(str(lines[0]), self.width):
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
        return len(str(Line(line.depth, [*before, Leaf("", "")]))) > self.width

    def _trailers_to_omit(self, line: Line) -> Iterator[set[int]]:
        """Brackets at the end to leave alone: more of them every time.

        Black counts commas to know a magic one, by depths that a first try changes.
        """
        omit: set[int] = set()
        tried = not line.magic
        if tried:
            yield omit
        length = 4 * line.depth
        opening: Leaf | None = None
        closing: Leaf | None = None
        inner: set[int] = set()
        for index in range(len(line.leaves) - 1, -1, -1):
            leaf = line.leaves[index]
            before = line.leaves[index - 1].kind if index else ""
            length += leaf.width
            if length > self.width:
                break
            counted = leaf.text == ")" and before == "comma"
            if opening:
                if leaf is opening:
                    opening = None
                elif leaf.kind == "close":
                    if counted and tried:
                        raise Unsure
                    if leaf.magic:
                        break
                    inner.add(id(leaf))
            elif leaf.kind == "close":
                if before == "open":
                    inner.add(id(leaf))
                    continue
                if closing:
                    omit |= {id(closing), *inner}
                    inner.clear()
                    tried = True
                    yield omit
                if counted and tried:
                    raise Unsure
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
                start = index_of(line.leaves, leaf.opening)
                if start < 0:
                    raise CannotSplit
                if start + 1 < end:
                    return split_at(line, start, end)
                end = start
            end -= 1
        raise CannotSplit

    def _without_parens(self, parts: Parts, line: Line, omit: set[int]) -> list[Line]:
        """Split elsewhere than at parentheses that need not be shown, if that is nicer."""
        optional = not parts.opening.text and not self.forced and not is_import(line)
        if optional and can_omit(parts, self.width):
            omit = {id(parts.closing), *omit}
            try:
                others = self._first_right_hand(line, omit)
                if prefers(others, parts, self.width):
                    return self._without_parens(others, line, omit)
            except CannotSplit:
                if not fits(str(parts.body), self.width) and not can_be_split(
                    parts.body
                ):
                    raise
        if not parts.opening.text:
            parts.opening.text, parts.closing.text = "(", ")"
        return [parts.head, parts.body, parts.tail]
